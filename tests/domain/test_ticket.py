"""The state machine of a ticket."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hallflow.domain.refusals import Refused
from hallflow.domain.ticket import ENDED, MOVES, Leg
from hallflow.domain.ticket_events import _CHANGES, issue, moved
from tests.makers import WEDNESDAY, a_ticket, an_event

KINDS = sorted({kind for moves in MOVES.values() for kind in moves})
ALLOWED = [(state, kind, to) for state, moves in MOVES.items() for kind, to in moves.items()]
FORBIDDEN = [(state, kind) for state, moves in MOVES.items() for kind in KINDS if kind not in moves]
LATER = WEDNESDAY + timedelta(minutes=7)


@pytest.mark.parametrize(("state", "kind", "to"), ALLOWED)
def test_a_ticket_moves_where_the_table_leads(state: str, kind: str, to: str) -> None:
    after = moved(a_ticket(state), an_event(kind, at=LATER))
    assert after.state == to
    assert after.state_at == (LATER if to != state else WEDNESDAY)


@pytest.mark.parametrize(("state", "kind"), FORBIDDEN)
def test_a_move_outside_the_table_is_refused_with_what_a_clerk_needs(state: str, kind: str) -> None:
    ticket = a_ticket(state)
    with pytest.raises(Refused) as fault:
        moved(ticket, an_event(kind))
    assert fault.value.code == "not_now"
    assert fault.value.facts == {"number": "A001", "state": state, "verb": kind}
    assert ticket == a_ticket(state)


def test_the_table_leads_only_to_states_it_knows() -> None:
    assert {to for _, _, to in ALLOWED} <= set(MOVES)
    assert set(_CHANGES) <= set(KINDS)


def test_what_has_ended_moves_no_more() -> None:
    assert all(to == state for state in ENDED for to in MOVES[state].values())


def test_a_new_ticket_waits_from_its_issue() -> None:
    event = an_event("issued", counter=None, services=["bills", "sim"], tier="gold", language="en", promise=[3, 5, 9])
    ticket = issue(event)
    assert (ticket.number, ticket.state, ticket.service, ticket.tier) == ("A001", "waiting", "bills", "gold")
    assert ticket.place == (WEDNESDAY, event.seq)
    assert ticket.legs == (Leg("bills", joined_at=WEDNESDAY), Leg("sim"))
    assert ticket.promise == (3, 5, 9)


def test_a_transfer_keeps_the_number_and_the_services_still_to_come() -> None:
    event = an_event("transferred", at=LATER, service="loan", wanted="3", noted=True)
    after = moved(a_ticket("serving"), event)
    assert after.number == "A001"
    assert [leg.service for leg in after.legs] == ["bills", "loan", "sim"]
    assert (after.service, after.wanted, after.noted, after.counter) == ("loan", "3", True, None)
    assert after.legs[0].outcome == "transferred"
    assert after.legs[0].ended_at == after.legs[1].joined_at == LATER
    assert after.line == ("@3", "standard")


def test_the_next_leg_begins_where_the_last_one_ends() -> None:
    after = moved(a_ticket("serving"), an_event("leg_finished", at=LATER, outcome="done"))
    assert after.service == "sim"
    assert after.legs[0].ended_at == after.legs[1].joined_at == LATER
    assert after.line == ("sim", "standard")


def test_a_service_added_comes_last() -> None:
    after = moved(a_ticket("serving"), an_event("service_added"))
    assert [leg.service for leg in after.legs] == ["bills", "sim", "loan"]
    assert after.leg == 0


def test_a_ticket_put_back_has_not_been_called_in_this_leg() -> None:
    after = moved(a_ticket("called"), an_event("requeued"))
    assert after.requeues == 1
    assert after.counter is None
    assert (after.now.called_at, after.now.counter) == (None, None)


def test_a_parked_customer_keeps_the_moment_service_began() -> None:
    arrived = moved(a_ticket("called"), an_event("arrived", at=LATER))
    parked = moved(arrived, an_event("parked", at=LATER + timedelta(minutes=3), reason="photo"))
    assert (parked.counter, parked.aside_reason) == (None, "photo")
    back = moved(parked, an_event("resumed", at=LATER + timedelta(minutes=9), counter="2"))
    assert (back.counter, back.now.counter, back.now.arrived_at) == ("2", "2", LATER)


def test_waits_count_from_since() -> None:
    ticket = replace(a_ticket(), since=WEDNESDAY - timedelta(minutes=5))
    assert ticket.waited(LATER) == 12
    assert replace(ticket, since=None).waited(LATER) == 7
