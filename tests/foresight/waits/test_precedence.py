"""The empirical priority between classes is learned from the calls alone."""

import pytest

from hallflow.foresight.waits.precedence import FEW, MANY, Precedence
from tests.foresight.waits.test_stream import MORNING, a_stream


def test_before_any_call_everybody_who_waits_is_before_whoever_comes() -> None:
    precedence = Precedence()
    assert precedence.places_before("gold", {"gold": 2, "standard": 3}) == 5
    assert precedence.overtaken_by("gold") == 0
    assert not precedence.gone, "a question teaches nothing"


def test_a_tier_that_is_always_called_first_has_nobody_of_the_other_before_it() -> None:
    stream = a_stream()
    for n in range(100):
        at = MORNING + 10 * n
        stream.issued(f"s{n}", "bills", "standard", at, 0.0)
        stream.issued(f"g{n}", "bills", "gold", at + 1, 0.0)
        stream.called(f"g{n}", at + 2)
        stream.called(f"s{n}", at + 3)
    precedence = stream.precedence
    assert precedence.places_before("gold", {"standard": 4}) == pytest.approx(4 * FEW / (100 + FEW))
    assert precedence.places_before("standard", {"gold": 4}) == 4
    assert precedence.overtaken_by("standard") == pytest.approx(100 / (100 + FEW))
    assert precedence.overtaken_by("gold") == 0


def test_who_has_left_was_gone_before_the_turn() -> None:
    stream = a_stream()
    for n in range(10):
        stream.issued(f"l{n}", "bills", "gold", MORNING + n, 0.0)
    stream.issued("last", "bills", "gold", MORNING + 11, 0.0)
    for n in range(5):
        stream.left(f"l{n}", MORNING + 12)
    stream.called("last", MORNING + 13)
    assert stream.precedence.gone["gold", "gold"] == [5, 10]


def test_a_hall_that_calls_otherwise_is_followed() -> None:
    precedence = Precedence()
    for still in (0, 1):
        for _ in range(2 * MANY):
            precedence.called("gold", {"standard": 1}, {"standard": still}, 0)
    assert precedence.places_before("gold", {"standard": 1}) < 0.25
    assert precedence.gone["gold", "standard"][1] <= MANY
