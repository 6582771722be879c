"""The device registry: presence of every screen and kiosk, one row each, shared by the servers of this installation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, case, delete, select, update

from hallflow.domain.screens import ScreenSeen
from hallflow.storage.database.putting import put
from hallflow.storage.tables import screens as table

GAP = timedelta(minutes=10)
"""A device that reconnects within this time counts as connected throughout."""


@dataclass(frozen=True, slots=True)
class ScreenLine:
    """A screen's connection to one of the servers."""

    hall: str
    screen: str
    device: str


def came(connection: Connection, server: str, lines: Iterable[ScreenLine], now: datetime) -> None:
    """Register devices as connected to this server, whichever server they used before."""
    presence = {"server": server, "since": now, "seen_at": now, "connected": True}
    rows = [{"hall": line.hall, "screen": line.screen, "device": line.device, **presence} for line in lines]
    put(connection, table, *rows, since=case((table.c.seen_at >= now - GAP, table.c.since), else_=now))


def went(connection: Connection, server: str, lines: Iterable[ScreenLine], now: datetime) -> None:
    """Register devices as disconnected, unless they have connected to another server meanwhile."""
    for line in lines:
        here = (table.c.hall == line.hall, table.c.screen == line.screen, table.c.device == line.device)
        mine = update(table).where(*here, table.c.server == server)
        connection.execute(mine.values(seen_at=now, connected=False))


def beat(connection: Connection, server: str, now: datetime) -> None:
    """Heartbeat: all devices connected to this server still are."""
    mine = update(table).where(table.c.server == server, table.c.connected)
    connection.execute(mine.values(seen_at=now))


def seen(connection: Connection, hall: str, stale: datetime) -> Sequence[ScreenSeen]:
    """Every screen of a hall; those of a server without a heartbeat since `stale` count as disconnected."""
    rows = connection.execute(
        select(table.c.screen, table.c.since, table.c.seen_at, table.c.connected)
        .where(table.c.hall == hall)
        .order_by(table.c.screen, table.c.device)
    )
    return [ScreenSeen(row.screen, row.since, row.seen_at, row.connected and row.seen_at >= stale) for row in rows]


def forget(connection: Connection, before: datetime) -> int:
    """Delete devices not seen since this moment; gives how many."""
    return connection.execute(delete(table).where(table.c.seen_at < before)).rowcount
