"""Factory functions of plans, floors, halls and installations; the clock is the test's own, the database is real."""

import functools
import tempfile
import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from hallflow.domain.events import Event
from hallflow.domain.floor import Floor, empty_floor
from hallflow.domain.floor_events import evolve
from hallflow.domain.hours import Hours
from hallflow.domain.languages import Language
from hallflow.domain.plan import CounterPlan, Plan, Rules, Service, Tier
from hallflow.domain.prefill import Field, Form, Option
from hallflow.domain.roster.seats import monday_of
from hallflow.domain.ticket import ENDED, Leg, Ticket
from hallflow.hall import Hall
from hallflow.house import House
from hallflow.operations.floor import ticketing
from hallflow.operations.floor.days import begin_day
from hallflow.operations.floor.ticketing import Wish
from hallflow.settings import Settings
from hallflow.storage.database.engine import open_engine
from hallflow.storage.log import ledger
from hallflow.storage.log.ledger import IssuedTicket
from hallflow.storage.records import rosters
from hallflow.storage.turns import Turns
from hallflow.storage.upgrade import upgrade

SAMPLES = Path(__file__).parents[1] / "config"
SECRET = "a secret of the tests alone"
ZONE = ZoneInfo("Asia/Shanghai")
WEDNESDAY = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
"""Ten in the morning of an ordinary Wednesday in Shanghai."""
DAY = date(2026, 3, 4)


class FakeClock:
    """A clock that moves when it is told to."""

    pace = 1.0

    def __init__(self, at: datetime = WEDNESDAY) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def forward(self, minutes: float = 0, **more: float) -> datetime:
        self.at += timedelta(minutes=minutes, **more)
        return self.at

    def seconds_until(self, at: datetime) -> float:
        return max(0.0, (at - self.at).total_seconds())


# ---- what a hall is set up to be ----


CHINESE = Language("zh", "中文", "zh-CN", "zh-CN", comma="、")
ENGLISH = Language("en", "English", "en-GB", "en-US")


def words(text: str) -> dict[str, str]:
    return {"zh": f"{text}（中）", "en": text}


FORM = Form(
    "contact",
    words("Contact"),
    (
        Field("name", "text", words("Name"), max=20),
        Field("phone", "phone", words("Phone"), required=False),
        Field("why", "choice", words("Why"), choices=(Option("new", words("New")), Option("old", words("Old")))),
        Field("extras", "choices", words("Extras"), required=False, choices=(Option("a", words("A")),)),
        Field("agreed", "yes_no", words("Agreed"), required=False),
        Field("born", "date", words("Born"), required=False),
        Field("sum", "amount", words("Sum"), required=False, max=500),
    ),
)
SERVICES = {
    "bills": Service("bills", words("Bills"), words("Pay"), "all", "x", "A", 5, "contact"),
    "sim": Service("sim", words("SIM card"), words("Replace"), "all", "x", "B", 8),
    "loan": Service("loan", words("Loan"), words("Borrow"), "all", "x", "C", 15),
}
TIERS = {
    "gold": Tier("gold", words("Gold"), "#B8860B", 0, 0.9, 5, 15, 4, 4.0, 4.0, ("88",)),
    "silver": Tier("silver", words("Silver"), "#64748B", 1, 0.85, 10, 25, 8, 2.0, 2.0, ("66",)),
    "standard": Tier("standard", words("Standard"), "#0B7A75", 2, 0.8, 20, 30, 12),
}
COUNTERS = {"1": ("bills",), "2": ("bills", "sim"), "3": ("sim", "loan")}
OFFICE = {day: ((time(8, 30), time(18)),) for day in range(5)}


def a_plan(
    policy: str = "attainment",
    counters: dict[str, tuple[str, ...]] | None = None,
    tiers: dict[str, Tier] | None = None,
    hours: Hours | None = None,
    **rules: Any,
) -> Plan:
    """A hall of three counters and three services, open 8:30 to 18:00 on weekdays in Shanghai."""
    return Plan(
        hall="central",
        name=words("City Hall"),
        hours=hours or Hours(ZONE, OFFICE),
        groups=(),
        services=SERVICES,
        tiers=tiers or TIERS,
        counters={
            key: CounterPlan(key, words(f"Counter {key}"), offered) for key, offered in (counters or COUNTERS).items()
        },
        forms={"contact": FORM},
        rules=Rules(policy=policy, **rules),
        where_to_wait=words("Take a seat"),
        elsewhere={"passport": words("At the town hall")},
        pause_reasons={"lunch": words("Lunch")},
        outcomes={"done": words("Done")},
        languages=(CHINESE, ENGLISH),
    )


# ---- a floor without a database ----


def a_ticket(state: str = "waiting", number: str = "A001", tier: str = "standard", **more: Any) -> Ticket:
    """A ticket in this state, at counter 1 where the state has a counter."""
    busy = state in ("called", "serving")
    legs = (Leg("bills", WEDNESDAY, WEDNESDAY if busy else None, counter="1" if busy else None), Leg("sim"))
    ticket = Ticket(number, tier, "zh", WEDNESDAY, legs, state=state, since=WEDNESDAY, ordinal=1, state_at=WEDNESDAY)
    return replace(ticket, counter="1" if busy else None, **more)


def an_event(kind: str, seq: int = 2, at: datetime = WEDNESDAY, counter: str | None = "1", **data: Any) -> Event:
    """An event of ticket A001 with whatever its kind needs."""
    needed: dict[str, dict[str, Any]] = {
        "called": {"reason": {"code": "strict"}, "streak": 0, "within": True},
        "started": {"reason": {"code": "at_counter"}, "streak": 0, "within": True},
        "missed": {"mark": 0},
        "requeued": {"since": at.isoformat()},
        "returned": {"since": at.isoformat()},
        "deferred": {"since": at.isoformat()},
        "transferred": {"service": "loan", "since": at.isoformat()},
        "leg_finished": {"since": at.isoformat()},
        "service_added": {"service": "loan"},
        "prefilled": {"accepted": True, "filled": 3},
        "rated": {"stars": 5},
    }
    return Event(seq, at, kind, "A001", counter, needed.get(kind, {}) | data)


def tell(
    floor: Floor, kind: str, at: datetime, ticket: str | None = None, counter: str | None = None, **data: Any
) -> Ticket | None:
    """Let one event happen on a floor."""
    return evolve(floor, Event(floor.seq + 1, at, kind, ticket, counter, data))


def join(floor: Floor, tier: str, service: str = "bills", at: datetime = WEDNESDAY) -> str:
    """A customer takes a number on a floor."""
    letter = SERVICES[service].letter
    count = floor.numbers.get(letter, 0) + 1
    number = f"{letter}{count:03}"
    tell(floor, "issued", at, number, services=[service], tier=tier, language="zh", letter=letter, count=count)
    return number


def summon(floor: Floor, number: str, counter: str, at: datetime = WEDNESDAY, streak: int = 0) -> None:
    """A call on a floor."""
    tell(floor, "called", at, number, counter, reason={"code": "strict"}, streak=streak, within=True)


def a_floor(
    *waiting: tuple[Any, ...], plan: Plan | None = None, now: datetime = WEDNESDAY, closed: Iterable[str] = ()
) -> Floor:
    """An open hall in which these wait: (tier, minutes) for bills, or (tier, minutes, service); numbered as listed."""
    floor = empty_floor(plan or a_plan(), DAY)
    for key in floor.counters:
        if key not in closed:
            tell(floor, "counter_opened", now - timedelta(hours=4), counter=key, clerk=f"clerk {key}")
    for tier, minutes, *service in waiting:
        join(floor, tier, service[0] if service else "bills", now - timedelta(minutes=minutes))
    return floor


def check_floor(floor: Floor) -> None:
    """What is true of every floor at every instant."""
    standing = [number for line in floor.lines.values() for _, _, number in line]
    waiting = {number for number, ticket in floor.tickets.items() if ticket.state == "waiting"}
    assert sorted(standing) == sorted(waiting), "everybody who waits stands in exactly one line, and nobody else does"
    for key, line in floor.lines.items():
        assert line, f"line {key} is empty and should be gone"
        assert line == sorted(line)
        for since, ordinal, number in line:
            assert floor.tickets[number].line == key
            assert floor.tickets[number].place == (since, ordinal)
    held = {counter.key: counter.ticket for counter in floor.counters.values() if counter.ticket}
    there = {t.counter: t.number for t in floor.tickets.values() if t.state in ("called", "serving")}
    assert held == there, "a ticket is at one counter, and that counter holds it"
    assert set(floor.overtaken) <= waiting
    assert not any(ticket.state in ENDED for ticket in floor.tickets.values())
    tally = floor.tally
    assert tally.issued == len(floor.tickets) + tally.served + tally.left + tally.expired
    assert sum(tally.arrivals.values()) == tally.issued
    assert all(0 <= within <= calls for calls, within in tally.called.values())
    assert len({call.number for call in floor.recent}) == len(floor.recent)


# ---- a hall on a real database ----


@functools.cache
def _empty_database() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hallflow.db"
        engine = open_engine(f"sqlite:///{path}")
        upgrade(engine)
        engine.dispose()
        return path.read_bytes()


def sqlite_url(folder: Path) -> str:
    """A SQLite file with today's tables and nothing in them."""
    path = folder / "hallflow.db"
    if not path.exists():
        path.write_bytes(_empty_database())
    return f"sqlite:///{path}"


def an_engine(url: str) -> Engine:
    """An open database with today's tables."""
    engine = open_engine(url)
    if engine.dialect.name == "postgresql":
        upgrade(engine)
    return engine


def a_hall(engine: Engine, plan: Plan | None = None, clock: FakeClock | None = None, *, opened: bool = True) -> Hall:
    """A hall whose day has begun, with all counters open; a second one on the same database is a second process."""
    hall = Hall(plan or a_plan(), Turns(engine), clock or FakeClock())
    begin_day(hall)
    if opened:
        open_all(hall)
    return hall


def open_all(hall: Hall) -> None:
    with hall.change() as change:
        for key, counter in list(change.floor.counters.items()):
            if counter.state == "closed":
                offered = list(counter.services)
                change.record("counter_opened", counter=key, clerk=f"clerk {key}", services=offered)


def take(hall: Hall, *services: str, card: str | None = None, **more: Any) -> IssuedTicket:
    """A customer takes a number: for bills, where nothing else is asked for."""
    held, _ = ticketing.take_ticket(hall, Wish(services or ("bills",), card=card, **more))
    return held


def log_of(hall: Hall) -> list[Event]:
    """Everything that has happened in a hall."""
    with hall.reading() as connection:
        return list(ledger.events_after(connection, hall.key, 0))


def keep_roster(house: House, day: date, *seats: list[str], hall: str = "central") -> None:
    """A roster of the day's week that seats somebody on that day alone, each at [counter, from, until]."""
    shifts = [{"day": day.isoformat(), "person": "li", "counters": list(seats), "breaks": []}]
    with house.turns.of(hall) as connection:
        rosters.keep(connection, hall, monday_of(day), WEDNESDAY, {"zone": "Asia/Shanghai", "shifts": shifts})


def a_visit() -> str:
    return str(uuid.uuid4())


def settings(folder: Path, url: str | None = None, *, demo: bool = True, config: Path = SAMPLES) -> Settings:
    """What a machine is told, with a folder of the test's own."""
    return Settings("127.0.0.1", 0, folder, config, url or sqlite_url(folder), None, 1, demo, SECRET)


def a_house(
    folder: Path,
    clock: FakeClock | None = None,
    url: str | None = None,
    *,
    demo: bool = True,
    config: Path = SAMPLES,
) -> House:
    """The sample halls, opened; on SQLite unless another database is named."""
    # the web and its servers only where a house is opened
    from hallflow.app import open_house

    if url:
        an_engine(url).dispose()
    return open_house(settings(folder, url, demo=demo, config=config), clock or FakeClock())
