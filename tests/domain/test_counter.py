"""The state machine of a counter: open, pause, close."""

from datetime import timedelta

import pytest

from hallflow.domain.counter import COUNTER_MOVES, Counter, counter_moved
from hallflow.domain.events import Event
from hallflow.domain.refusals import Refused
from tests.makers import WEDNESDAY

KINDS = sorted({kind for moves in COUNTER_MOVES.values() for kind in moves})
CASES = [(state, kind, moves.get(kind)) for state, moves in COUNTER_MOVES.items() for kind in KINDS]


def a_counter(state: str) -> Counter:
    return Counter("1", ("bills",), state, clerk=None if state == "closed" else "wang")


@pytest.mark.parametrize(("state", "kind", "to"), CASES)
def test_a_counter_moves_by_its_table_or_refuses(state: str, kind: str, to: str | None) -> None:
    event = Event(1, WEDNESDAY, kind, counter="1", data={})
    if to is None:
        with pytest.raises(Refused) as fault:
            counter_moved(a_counter(state), event)
        assert fault.value.code == "counter_not_now"
    else:
        after = counter_moved(a_counter(state), event)
        assert (after.state, after.since) == (to, WEDNESDAY)


def test_opening_says_who_sits_there_and_what_is_offered() -> None:
    event = Event(1, WEDNESDAY, "counter_opened", counter="1", data={"clerk": "li", "services": ["sim"]})
    after = counter_moved(a_counter("closed"), event)
    assert (after.clerk, after.services, after.lines) == ("li", ("sim",), ("sim", "@1"))


def test_a_pause_keeps_the_clerk_and_says_until_when() -> None:
    back = WEDNESDAY + timedelta(minutes=15)
    data = {"reason": "lunch", "back_at": back.isoformat(), "clerk": "wang"}
    after = counter_moved(a_counter("open"), Event(1, WEDNESDAY, "counter_paused", counter="1", data=data))
    assert (after.clerk, after.reason, after.back_at) == ("wang", "lunch", back)


def test_a_closed_counter_has_no_clerk_and_no_reason() -> None:
    after = counter_moved(a_counter("paused"), Event(1, WEDNESDAY, "counter_closed", counter="1", data={}))
    assert (after.clerk, after.reason, after.back_at) == (None, None, None)
