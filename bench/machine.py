"""The machine and the versions that a benchmark ran on, without which its figures mean nothing."""

import os
import platform
import sqlite3
import subprocess
from datetime import UTC, datetime
from pathlib import Path


def described() -> dict[str, str]:
    """The machine, its software and the moment, each as a person would write it."""
    load = os.getloadavg()
    return {
        "Date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "Processor": f"{os.cpu_count()} cores, {_processor()}",
        "Memory": f"{_memory_bytes() / 2**30:.1f} GiB",
        "System": _system(),
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "SQLite": sqlite3.sqlite_version,
        "Load before": f"{load[0]:.2f} (1 minute), {load[1]:.2f} (5 minutes)",
    }


def _processor() -> str:
    told = _read("/proc/cpuinfo")
    named = [line.partition(":")[2].strip() for line in told.splitlines() if line.startswith("model name")]
    return named[0] if named else _asked("sysctl", "-n", "machdep.cpu.brand_string") or platform.machine()


def _memory_bytes() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return int(_asked("sysctl", "-n", "hw.memsize") or 0)


def _system() -> str:
    named = [line.partition("=")[2].strip('"') for line in _read("/etc/os-release").splitlines() if "PRETTY" in line]
    return f"{named[0] if named else platform.system()}, {platform.system()} {platform.release()}, {platform.machine()}"


def _read(path: str) -> str:
    try:
        return Path(path).read_text()
    except OSError:
        return ""


def _asked(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=5).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return ""
