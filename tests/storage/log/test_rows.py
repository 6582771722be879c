"""Tickets, counters and events survive a round trip through their database rows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, delete, select

from hallflow.domain.counter import Counter
from hallflow.domain.events import Event
from hallflow.domain.ticket import MOVES, Leg, Ticket
from hallflow.storage import tables
from hallflow.storage.log import ledger
from hallflow.storage.log.chain import BEGINNING, link
from hallflow.storage.log.ledger import IssuedTicket
from tests.makers import DAY, WEDNESDAY

MOMENTS = st.integers(0, 15 * 365 * 86_400 * 10**6).map(
    lambda micros: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
)
MAYBE = st.none() | MOMENTS
KEYS = st.from_regex(r"[a-z0-9_-]{1,16}", fullmatch=True)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
LEGS = st.builds(Leg, KEYS, MAYBE, MAYBE, MAYBE, MAYBE, st.none() | KEYS, st.none() | KEYS)
FACTS = st.one_of(st.integers(-(2**40), 2**40), st.floats(-1e6, 1e6), WORDS, st.booleans())
TICKETS = st.builds(
    Ticket,
    number=st.from_regex(r"[A-Z][0-9]{3,5}", fullmatch=True),
    tier=KEYS,
    language=st.sampled_from(["zh", "en"]),
    issued_at=MOMENTS,
    legs=st.lists(LEGS, min_size=1, max_size=4).map(tuple),
    leg=st.just(0),
    state=st.sampled_from(sorted(MOVES)),
    since=MAYBE,
    ordinal=st.integers(0, 2**31 - 1),
    counter=st.none() | KEYS,
    wanted=st.none() | KEYS,
    recalls=st.integers(0, 9),
    requeues=st.integers(0, 9),
    calls=st.integers(0, 9),
    missed_mark=st.integers(0, 999),
    state_at=MAYBE,
    ended_at=MAYBE,
    aside_reason=st.none() | KEYS,
    noted=st.booleans(),
    prefilled=st.booleans(),
    filled=st.integers(0, 20),
    form_saves=st.integers(0, 20),
    promise=st.none() | st.tuples(st.integers(0, 90), st.integers(0, 90), st.integers(0, 90)),
    reason=st.dictionaries(KEYS, FACTS, max_size=3).map(lambda facts: tuple(sorted(facts.items()))),
    stars=st.none() | st.integers(1, 5),
)
COUNTERS = st.builds(
    Counter,
    key=KEYS,
    services=st.lists(KEYS, max_size=4).map(tuple),
    state=st.sampled_from(["open", "paused", "closed"]),
    since=MAYBE,
    clerk=st.none() | KEYS,
    reason=st.none() | KEYS,
    back_at=MAYBE,
    ticket=st.none() | st.just("A001"),
    free_since=MAYBE,
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | FACTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)
EVENTS = st.builds(
    Event,
    seq=st.integers(1, 2**31 - 1),
    at=MOMENTS,
    kind=KEYS,
    ticket=st.none() | st.just("A001"),
    counter=st.none() | KEYS,
    data=st.dictionaries(KEYS, VALUES, max_size=4),
)
ON_BOTH = settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def emptied(connection: Connection) -> None:
    for table in (tables.tickets, tables.counters, tables.events):
        connection.execute(delete(table))


@ON_BOTH
@given(ticket=TICKETS, later=TICKETS)
def test_a_ticket_comes_back_as_it_went(engine: Engine, ticket: Ticket, later: Ticket) -> None:
    moved = replace(later, number=ticket.number, issued_at=ticket.issued_at)
    with engine.begin() as connection:
        emptied(connection)
        held = IssuedTicket("central", DAY, "token-1", ticket)
        ledger.add_ticket(connection, held, "visit-1")
        assert ledger.held_by_token(connection, "token-1") == held
        assert ledger.held_by_visit(connection, "central", "visit-1") == held
        ledger.move_tickets(connection, "central", DAY, [moved])
        assert ledger.tickets_of(connection, "central", DAY) == [IssuedTicket("central", DAY, "token-1", moved)]


@ON_BOTH
@given(found=st.lists(COUNTERS, max_size=4, unique_by=lambda counter: counter.key))
def test_counters_come_back_as_they_went(engine: Engine, found: list[Counter]) -> None:
    with engine.begin() as connection:
        emptied(connection)
        ledger.set_counters(connection, "central", found)
        ledger.set_counters(connection, "central", found)
        assert ledger.counters_of(connection, "central") == {counter.key: counter for counter in found}
        ledger.drop_counters(connection, "central", [counter.key for counter in found])
        assert ledger.counters_of(connection, "central") == {}


@ON_BOTH
@given(found=st.lists(EVENTS, min_size=1, max_size=4, unique_by=lambda event: event.seq))
def test_events_come_back_as_they_went(engine: Engine, found: list[Event]) -> None:
    with engine.begin() as connection:
        emptied(connection)
        ledger.add_events(connection, "central", found, BEGINNING)
        assert list(ledger.events_after(connection, "central", 0)) == sorted(found, key=lambda event: event.seq)
        assert ledger.count_events(connection, "central") == len(found)


def test_moments_of_any_zone_come_back_as_the_same_moment(engine: Engine) -> None:
    east = WEDNESDAY.astimezone(timezone(timedelta(hours=8)))
    with engine.begin() as connection:
        ledger.add_events(connection, "central", [Event(1, east, "x")], BEGINNING)
        (event,) = ledger.events_after(connection, "central", 0)
    assert event.at == WEDNESDAY
    assert event.at.utcoffset() == timedelta()


@pytest.mark.parametrize("after", [0, 2])
def test_the_log_can_be_read_in_stretches(engine: Engine, after: int) -> None:
    with engine.begin() as connection:
        ledger.add_events(connection, "central", [Event(n, WEDNESDAY, "x") for n in range(1, 6)], BEGINNING)
        ledger.add_events(connection, "county", [Event(n, WEDNESDAY, "y") for n in range(1, 6)], BEGINNING)
        found = ledger.events_after(connection, "central", after, 2)
        assert [(event.seq, event.kind) for event in found] == [(after + 1, "x"), (after + 2, "x")]


def test_a_head_moves_only_from_where_it_was_found(engine: Engine) -> None:
    with engine.begin() as connection:
        first = ledger.begin(connection, "central", WEDNESDAY, DAY)
        assert ledger.head(connection, "central") == first
        second = ledger.Head(3, WEDNESDAY, DAY, 1, "f" * 64)
        ledger.move_head(connection, "central", first, second)
        assert ledger.head(connection, "central") == second
        assert ledger.heads(connection) == {"central": 3}
        with pytest.raises(RuntimeError, match="crossed"):
            ledger.move_head(connection, "central", first, second)


def test_the_log_is_chained_entry_by_entry(engine: Engine) -> None:
    first, second = Event(1, WEDNESDAY, "x", data={"a": [1, "二"]}), Event(2, WEDNESDAY, "y", "A001")
    with engine.begin() as connection:
        last = ledger.add_events(connection, "central", [first, second], BEGINNING)
        assert last == link(link(BEGINNING, "central", first), "central", second)
        hashes = connection.execute(select(tables.events.c.hash).order_by(tables.events.c.seq)).scalars().all()
        stored = list(ledger.events_after(connection, "central", 0))
    assert hashes == [link(BEGINNING, "central", stored[0]), last], "what is read back must hash to what was written"
    assert len({last, link(hashes[0], "county", second), link(hashes[0], "central", replace(second, counter="1"))}) == 3
