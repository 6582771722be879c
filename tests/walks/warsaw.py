"""A real day of a hall in Warsaw (tests/data/README.md), and a plan with its queues as services."""

import csv
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.makers import SAMPLES

SAMPLE = Path(__file__).parents[1] / "data" / "warsaw"
HALL = "warsaw"


@dataclass(frozen=True)
class Logged:
    """A customer as the log has them."""

    number: str
    service: str
    issued_at: datetime
    called_at: datetime


@dataclass(frozen=True)
class Seen:
    """How many counters were open for a service."""

    service: str
    at: datetime
    open: int


def logged() -> list[Logged]:
    at = datetime.fromisoformat
    return [Logged(r["number"], key(r), at(r["issued_at"]), at(r["called_at"])) for r in rows("visits.csv")]


def seen() -> list[Seen]:
    return [Seen(key(r), datetime.fromisoformat(r["at"]), int(r["open"])) for r in rows("counters.csv")]


def key(row: dict[str, str]) -> str:
    return f"q{row['service']}"


def rows(file: str) -> list[dict[str, str]]:
    with (SAMPLE / file).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def a_config(folder: Path, minutes: float) -> Path:
    """The sample's hall as a plan: its queues as services, each with its own counters, as many as were ever open."""
    config = folder / "config"
    config.mkdir(parents=True)
    for part in ("hallflow.toml", "tiers.toml", "texts", "forms"):
        (shutil.copytree if (SAMPLES / part).is_dir() else shutil.copy)(SAMPLES / part, config / part)
    common = config / "hallflow.toml"
    # its services are others than the sample's: nobody comes to pay bills
    common.write_text(common.read_text("utf-8").replace('billing_services = ["bills"]\n', ""), "utf-8")
    counters = {
        service: max(s.open for s in seen() if s.service == service) for service in sorted({s.service for s in seen()})
    }
    (config / "staffing.toml").write_text("[all]\narrivals_per_hour = 45\n")
    services = ['[groups.all]\nname = { zh = "全部", en = "All" }\nicon = "wallet"\n']
    services += [
        f"[services.{key(r)}]\nname = {{ zh = {quoted(r['name'])}, en = {quoted(r['name'])} }}\n"
        f'help = {{ zh = "{r["letter"]}", en = "{r["letter"]}" }}\ngroup = "all"\nicon = "wallet"\n'
        f'letter = "{r["letter"]}"\nminutes = {minutes}\n'
        for r in rows("services.csv")
    ]
    (config / "services.toml").write_text("\n".join(services), encoding="utf-8")
    keys = ", ".join(f'"{service}"' for service in counters)
    hall = [
        (
            f'name = {{ zh = "华沙", en = "Warsaw" }}\nzone = "Europe/Warsaw"\nservices = [{keys}]\n'
            'where_to_wait = { zh = "大厅", en = "The hall" }\n\n[hours]\nweekdays = ["07:30-18:00"]\n'
        )
    ]
    hall += [
        f'[counters.{counter}]\nname = {{ zh = "{counter}", en = "{counter}" }}\nservices = ["{service}"]\n'
        for service, most in counters.items()
        for counter in counters_of(service, most)
    ]
    (config / "halls").mkdir()
    (config / "halls" / f"{HALL}.toml").write_text("\n".join(hall), encoding="utf-8")
    return config


def counters_of(service: str, count: int) -> list[str]:
    return [f"{service}-{n + 1}" for n in range(count)]


def quoted(text: str) -> str:
    return '"' + text.replace('"', '\\"') + '"'
