"""Settings of one machine from environment variables: addresses, folders, keys."""

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")


class SettingsFaults(Exception):
    """The environment is invalid; `faults` names each variable and its permitted values."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


@dataclass(frozen=True)
class Settings:
    """The machine's settings, each from the variable HALLFLOW_<NAME>."""

    host: str
    port: int
    data: Path
    config: Path
    database_url: str
    redis_url: str | None
    processes: int
    demo: bool
    given_secret: str | None = field(default=None, repr=False)
    proxies: int = 0
    """The number of proxies before the servers, each of which adds a forwarded address."""

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read all settings; raises SettingsFaults, which names every invalid one."""
        read = _Reader(os.environ if environ is None else environ)
        data = read.value("DATA", Path("data"), _folder)
        settings = cls(
            host=read.value("HOST", "127.0.0.1", str),
            port=read.value("PORT", 8080, _port),
            data=data,
            config=read.value("CONFIG", Path("config"), _folder),
            database_url=read.value("DATABASE_URL", f"sqlite:///{data.absolute()}/hallflow.db", _database),
            redis_url=read.value("REDIS_URL", None, _redis),
            processes=read.value("PROCESSES", 1, partial(_count, "processes", 1, 256)),
            proxies=read.value("PROXIES", 0, partial(_count, "proxies", 0, 8)),
            demo=read.value("DEMO", False, _yes_no),
            given_secret=read.value("SECRET", None, _secret),
        )
        if read.faults:
            raise SettingsFaults(read.faults)
        return settings

    @cached_property
    def secret(self) -> str:
        """The key that signs sessions: configured, or created once and stored in the data folder."""
        return self.given_secret or _kept_secret(self.data)

    @property
    def known_secret(self) -> str | None:
        """The same key, or None where none exists yet."""
        stored = self.data / "secret"
        return self.given_secret or (stored.read_text().strip() if stored.exists() else None)


class _Reader:
    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.faults: list[str] = []

    def value(self, name: str, default: T, read: Callable[[str], T]) -> T:
        """The variable parsed by `read`; an empty one counts as not set."""
        given = self.environ.get(f"HALLFLOW_{name}", "").strip()
        if not given:
            return default
        try:
            return read(given)
        except ValueError as bad:
            self.faults.append(f"HALLFLOW_{name}: {bad}")
            return default


def _folder(value: str) -> Path:
    folder = Path(value).expanduser()
    if folder.exists() and not folder.is_dir():
        raise ValueError(f"{value!r} is a file, not a folder")
    return folder


def _port(value: str) -> int:
    if not value.isdecimal() or not 0 <= int(value) <= 65535:
        raise ValueError(f"{value!r} is not a port, 0 to 65535")
    return int(value)


def _count(what: str, least: int, most: int, value: str) -> int:
    if not value.isdecimal() or not least <= int(value) <= most:
        raise ValueError(f"{value!r} is not a number of {what}, {least} to {most}")
    return int(value)


def _yes_no(value: str) -> bool:
    known = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    if value.lower() not in known:
        raise ValueError(f"{value!r} is neither 1 nor 0")
    return known[value.lower()]


def _database(value: str) -> str:
    # the address may contain a password, so the message does not repeat it
    scheme = value.partition("://")[0]
    if "://" not in value or scheme.partition("+")[0] not in ("sqlite", "postgresql"):
        raise ValueError("must begin with sqlite:/// or postgresql://")
    return value


def _redis(value: str) -> str | None:
    if urlsplit(value).scheme not in ("redis", "rediss", "unix"):
        raise ValueError("must begin with redis://, rediss:// or unix://")
    try:
        _ = urlsplit(value).port
    except ValueError:
        # the library's message repeats the address, perhaps with a password
        raise ValueError("its port is not a number from 0 to 65535") from None
    return value


def _secret(value: str) -> str | None:
    if len(value) < 16:
        raise ValueError("is shorter than 16 letters")
    return value


def keep_secret(data: Path, secret: str) -> Path | None:
    """Replace this installation's secret by another's; the old one is kept under a new name, which is given."""
    path, before = data / "secret", None
    if path.exists():
        before = data / f"secret.before-{secrets.token_hex(4)}"
        path.rename(before)
    _link_secret(path, secret)
    return before


def _kept_secret(data: Path) -> str:
    path = data / "secret"
    if not path.exists():
        _link_secret(path, secrets.token_urlsafe(48))
    return path.read_text().strip()


def _link_secret(path: Path, secret: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # written to another name, then linked: of several processes that start at once one wins, and all read its secret
    draft = path.with_name(f".secret-{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        opened.write(secret)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
