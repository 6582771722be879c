"""A clerk's actions are offered exactly where the state machines of tickets and counters allow them."""

import pytest

from hallflow.domain.counter import COUNTER_MOVES, Counter
from hallflow.domain.ticket import MOVES, Ticket
from hallflow.domain.verbs import AT_COUNTER, FREES_COUNTER, ONLY_SERVING, VERBS, Verb, row
from tests.makers import a_ticket

IDS = [verb.name for verb in VERBS]
BROUGHT = ("waiting", "parked", "missed")
"""Whoever comes to a free counter is in one of these states."""


def names(state: str, held: Ticket | None = None) -> list[str]:
    return [verb.name for verb in row(Counter("1", ("bills",), state, ticket=held and held.number), held)]


def test_every_verb_has_a_name_of_its_own() -> None:
    assert len(set(IDS)) == len(IDS)


@pytest.mark.parametrize("verb", VERBS, ids=IDS)
def test_a_verb_is_offered_only_where_the_law_allows_its_event(verb: Verb) -> None:
    for now in verb.when:
        if verb.of_counter:
            states = ("open", "paused") if now in AT_COUNTER else ("open",) if now == "free" else (now,)
            assert any(verb.event in COUNTER_MOVES[state] for state in states)
        elif now == "free":
            assert any(verb.event in MOVES[state] for state in BROUGHT)
        else:
            assert verb.event in MOVES[now]


def test_what_a_clerk_could_do_with_the_customer_here_is_offered() -> None:
    """An event that some verb records is offered wherever the law allows it to the customer at the counter."""
    for verb in VERBS:
        assert {state for state in AT_COUNTER if verb.event in MOVES[state]} <= set(verb.when)


def test_the_row_begins_with_what_comes_next() -> None:
    rows = (
        names("closed"),
        names("paused"),
        names("open"),
        names("open", a_ticket("called")),
        names("open", a_ticket("serving")),
    )
    assert [verbs[0] for verbs in rows] == ["open", "open", "call-next", "arrived", "finish"]


def test_a_counter_is_opened_only_from_a_pause_and_closed_only_without_a_customer() -> None:
    for customer in (None, a_ticket("called"), a_ticket("serving")):
        open_row, paused_row = names("open", customer), names("paused", customer)
        assert ("open" in open_row, "pause" in open_row, "close" in open_row) == (False, True, customer is None)
        assert ("open" in paused_row, "pause" in paused_row, "close" in paused_row) == (True, False, customer is None)


def test_what_frees_a_counter_and_what_needs_a_customer_there_is_read_from_the_law() -> None:
    assert {"finished", "leg_finished", "missed", "parked", "transferred"} < FREES_COUNTER
    assert FREES_COUNTER.isdisjoint({"called", "recalled", "arrived", "started", "resumed", "service_added"})
    assert {"finished", "leg_finished", "parked"} < ONLY_SERVING
    assert ONLY_SERVING.isdisjoint({"arrived", "recalled", "transferred", "expired"})
