"""A history of a million customers: one day simulated through the hall's operations, then copied in the database many times.

The day's rows - log, tickets, visits and their sums - are copied to each following day with their dates shifted. Only the hash
chain is not recomputed: nothing that is measured reads the hashes of old entries.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import JSON, Column, Connection, Date, TextClause, func, select, text

from bench.rig.house import HALL
from hallflow.app import open_house
from hallflow.house import House
from hallflow.operations.floor.days import begin_day, close_day
from hallflow.operations.history.keeping import keep_closed_days
from hallflow.settings import Settings
from hallflow.storage.database.engine import open_engine
from hallflow.storage.tables import UtcDateTime, day_sums, events, halls, past_tickets, visits
from hallflow.storage.upgrade import upgrade
from tests.makers import FakeClock, open_all
from tests.simulated_day import Day

DAYS = 380
"""Fewer than the sample configuration keeps tickets for."""
HOURS = 9.0
OUTLOOK_SECONDS = 1800.0
MORNING = time(0, 40, tzinfo=UTC)
"""Twenty to nine in Shanghai: until the evening there the date in UTC is the same, so that a day later is another date and no more."""
EVENING = time(13, 0, tzinfo=UTC)


def live_years(environment: Mapping[str, str], tickets: int) -> int:
    """Give an empty database a hall with so many tickets of closed days, up to some days ago; how many it has then."""
    settings = Settings.from_env(environment)
    settings.data.mkdir(exist_ok=True)
    engine = open_engine(settings.database_url)
    upgrade(engine)
    first = _weekday(datetime.now(UTC).date() - timedelta(days=DAYS + 2))
    clock = FakeClock(datetime.combine(first, MORNING))
    house = open_house(settings, clock)
    _live_a_day(house, clock, tickets / DAYS)
    house.engine.dispose()
    engine.dispose()
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            # a file that is thrown away when this fails
            for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-200000"):
                # before SQLAlchemy begins a transaction, in which the first of them is refused
                connection.connection.cursor().execute(f"PRAGMA {pragma}")
        _copy(connection, first)
        connection.commit()
        made = connection.execute(select(func.count()).select_from(past_tickets)).scalar_one()
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            # as its own housekeeping leaves it, which would otherwise come in the middle of what is measured
            connection.exec_driver_sql("VACUUM ANALYZE")
    engine.dispose()
    return int(made)


def _weekday(day: date) -> date:
    return day - timedelta(days=max(day.weekday() - 4, 0))


def _live_a_day(house: House, clock: FakeClock, tickets: float) -> None:
    """Live the day, close it, and let two more pass, after which it is out of the way."""
    hall = house.hall(HALL)
    open_all(hall)
    Day(house, hall, clock, 1, tickets / HOURS, 1.0).live(HOURS * 60, OUTLOOK_SECONDS)
    clock.at = datetime.combine(clock.at.date(), EVENING)
    close_day(hall)
    clock.forward(48 * 60)
    begin_day(hall)
    keep_closed_days(house.turns, hall)


def _copy(connection: Connection, first: date) -> None:
    """Copy the first day's rows to all the others; the log then ends with the last of them."""
    opened = select(events.c.seq).where(events.c.hall == HALL, events.c.kind == "day_opened").order_by(events.c.seq)
    [begun, after] = connection.execute(opened).scalars().all()
    connection.execute(events.delete().where(events.c.hall == HALL, events.c.seq >= after))
    for more in range(1, DAYS):
        move = _Move(connection.dialect.name, first, more, after - begun)
        for table in (events, past_tickets, visits, day_sums):
            mine = table.c.seq < after if table is events else table.c.day == first
            moved = select(*map(move.moved, table.c)).where(table.c.hall == HALL, mine)
            connection.execute(table.insert().from_select(list(table.c.keys()), moved))
    last = select(events).where(events.c.hall == HALL).order_by(events.c.seq.desc()).limit(1)
    end = connection.execute(last).one()
    stands = {
        "seq": end.seq,
        "at": end.at,
        "hash": end.hash,
        "day": end.at.date(),
        "day_seq": end.seq - after + begun + 1,
    }
    connection.execute(halls.update().where(halls.c.key == HALL).values(stands))


@dataclass(frozen=True, slots=True)
class _Move:
    """What a row's columns are so many days later."""

    dialect: str
    first: date
    more: int
    entries: int
    """Of the log, a day."""

    def moved(self, column: Column[Any]) -> TextClause:
        """One column, as SQL."""
        name = column.name
        if name == "seq":
            return text(f"seq + {self.more * self.entries}")
        if name in ("token", "visit"):
            return text(f"{name} || '-{self.more}'")
        if not isinstance(column.type, (UtcDateTime, Date, JSON)):
            return text(name)
        day = self.first + timedelta(days=self.more)
        if self.dialect == "sqlite":
            return text(f"replace({name}, '{self.first}', '{day}')")
        if isinstance(column.type, JSON):
            return text(f"CAST(replace(CAST({name} AS text), '{self.first}', '{day}') AS json)")
        kind = "date" if isinstance(column.type, Date) else "timestamptz"
        return text(f"CAST({name} + interval '{self.more} days' AS {kind})")
