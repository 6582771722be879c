"""Two real processes at random on one database: whatever they do to each other, the hall stays consistent.

Both get an operation before either has answered, so that they truly race for the lock. Their answers must agree with the log.
"""

import itertools
import uuid
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from hallflow.domain.floor import empty_floor
from hallflow.domain.floor_events import evolve
from hallflow.hall import Hall
from hallflow.storage.log import ledger
from hallflow.storage.turns import Turns
from tests.exactly_once import check_events
from tests.makers import COUNTERS, DAY, FakeClock, a_hall, a_plan, an_engine, check_floor, log_of, sqlite_url
from tests.processes import Other
from tests.servers import fresh_database

COUNTER = st.sampled_from(sorted(COUNTERS))
CARD = st.sampled_from(["8812345678", "6612345678", None])
AT_COUNTER = ["call_next", "call_next", "arrived", "finish", "finish", "miss", "park", "open", "close"]
WISH = st.one_of(
    st.tuples(st.just("take"), st.sampled_from(["bills", "sim", "loan"]), CARD, st.none()),
    st.tuples(st.just("take"), st.sampled_from(["bills", "sim"]), CARD, st.sampled_from(["one visit", "another"])),
    st.tuples(st.sampled_from(AT_COUNTER), COUNTER),
    st.tuples(st.sampled_from(["leave", "defer", "late"]), st.integers(0, 20)),
    st.tuples(st.sampled_from(["sweep", "sweep", "sweep", "begin_day", "close_day"])),
)
MOMENT = st.tuples(st.sampled_from([0, 0, 0, 3, 12, -5, 24 * 60]), WISH, WISH)
HALLS = itertools.count()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared_engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    if request.param == "sqlite":
        database = nullcontext(sqlite_url(tmp_path_factory.mktemp("two")))
    else:
        database = fresh_database(request.getfixturevalue("postgres_server"))
    with database as url:
        opened = an_engine(url)
        yield opened
        opened.dispose()


@pytest.fixture(scope="module")
def two_processes(shared_engine: Engine) -> Iterator[tuple[Other, Other]]:
    """Two processes on this database, which know of each other by it alone."""
    url = shared_engine.url.render_as_string(hide_password=False)
    both = Other(url), Other(url)
    yield both
    for other in both:
        other.close()


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(day=st.lists(MOMENT, min_size=8, max_size=25), policy=st.sampled_from(["attainment", "strict", "first_come"]))
def test_any_day_of_two_processes_is_one_day(
    shared_engine: Engine, two_processes: tuple[Other, Other], day: list, policy: str
) -> None:
    key, clock = f"hall-{next(HALLS)}", FakeClock()
    plan = replace(a_plan(policy, waiting_at_most=12, missed_kept_minutes=30.0), hall=key)
    hall = a_hall(shared_engine, plan, clock)
    given_out: dict[str, tuple[str, str]] = {}
    for minutes, *wishes in day:
        clock.forward(minutes)
        asked = [told(key, policy, clock, wish, list(given_out)) for wish in wishes]
        for other, wish in zip(two_processes, asked, strict=True):
            other.tell(wish)
        for other, wish in zip(two_processes, asked, strict=True):
            answer = other.answer()
            if wish["verb"] == "take" and "refused" not in answer:
                visit = wish["what"][2] or str(uuid.uuid4())
                before = given_out.setdefault(answer["token"], (answer["number"], visit))
                assert before == (answer["number"], visit), "one ticket was given to two visits"
    check_day(hall, given_out)


def told(key: str, policy: str, clock: FakeClock, wish: tuple, tokens: list[str]) -> dict:
    """A wish as a process is told it; who has a number shows the token."""
    verb, *what = wish
    if verb in ("leave", "defer", "late"):
        verb, what = (verb, [tokens[-1 - what[0] % len(tokens)]]) if tokens else ("sweep", [])
    if verb == "take":
        what[2] = f"{key} {what[2]}" if what[2] else None
    return {"hall": key, "policy": policy, "at": clock.now().isoformat(), "verb": verb, "what": what}


def check_day(hall: Hall, given_out: dict[str, tuple[str, str]]) -> None:
    """The log is one log; its replay is what the tables, this process and a new one say."""
    events = log_of(hall)
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert [event.at for event in events] == sorted(event.at for event in events)
    replayed, stretch = empty_floor(hall.plan, DAY), []
    for event in events:
        if event.kind == "day_opened":
            check_calls(stretch)
            stretch = []
        stretch.append(event)
        evolve(replayed, event)
    check_calls(stretch)
    check_floor(replayed)
    hall.catch_up()
    fresh = Hall(hall.plan, Turns(hall._turns.engine), hall.clock)
    fresh.catch_up()
    assert hall.floor == fresh.floor == replayed
    assert sum(event.kind == "issued" for event in events) == len(given_out)
    with hall.reading() as connection:
        for token, (number, _) in given_out.items():
            held = ledger.held_by_token(connection, token)
            assert held is not None
            assert held.ticket.number == number
        today = {one.ticket.number: one.ticket for one in ledger.tickets_of(connection, hall.key, replayed.day)}
        assert {number: today[number] for number in replayed.tickets} == replayed.tickets
        assert ledger.counters_of(connection, hall.key) == replayed.counters


def check_calls(events: list) -> None:
    """Within one day no number twice and nobody called twice."""
    check_events([replace(event, seq=n) for n, event in enumerate(events, 1)])
