"""The screens and kiosks that the servers of this installation know of: each row one of them, as it was last heard of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, case, delete, select, update

from hallflow.domain.screens import ScreenSeen
from hallflow.storage.database.putting import put
from hallflow.storage.tables import screens as table

GAP = timedelta(minutes=10)
"""Whoever is back within so long is the same connection, as far as the hall cares."""


@dataclass(frozen=True, slots=True)
class ScreenLine:
    """A screen on its line to one of the servers."""

    hall: str
    screen: str
    device: str


def came(connection: Connection, server: str, lines: Iterable[ScreenLine], now: datetime) -> None:
    """These are connected to this server now, whichever they were connected to before."""
    said = {"server": server, "since": now, "seen_at": now, "connected": True}
    rows = [{"hall": line.hall, "screen": line.screen, "device": line.device, **said} for line in lines]
    put(connection, table, *rows, since=case((table.c.seen_at >= now - GAP, table.c.since), else_=now))


def went(connection: Connection, server: str, lines: Iterable[ScreenLine], now: datetime) -> None:
    """These have gone; one that has called another server meanwhile stays there."""
    for line in lines:
        here = (table.c.hall == line.hall, table.c.screen == line.screen, table.c.device == line.device)
        mine = update(table).where(*here, table.c.server == server)
        connection.execute(mine.values(seen_at=now, connected=False))


def beat(connection: Connection, server: str, now: datetime) -> None:
    """All that are connected to this server still are."""
    mine = update(table).where(table.c.server == server, table.c.connected)
    connection.execute(mine.values(seen_at=now))


def seen(connection: Connection, hall: str, stale: datetime) -> Sequence[ScreenSeen]:
    """Every screen of a hall; one whose server has said nothing since `stale` went down with it."""
    rows = connection.execute(
        select(table.c.screen, table.c.since, table.c.seen_at, table.c.connected)
        .where(table.c.hall == hall)
        .order_by(table.c.screen, table.c.device)
    )
    return [ScreenSeen(row.screen, row.since, row.seen_at, row.connected and row.seen_at >= stale) for row in rows]


def forget(connection: Connection, before: datetime) -> int:
    """Delete those not heard of since then; how many."""
    return connection.execute(delete(table).where(table.c.seen_at < before)).rowcount
