"""The online predictor learns from a wait only once it is over, and never uses later information."""

import numpy as np
import pytest

from hallflow.foresight.waits.features import NAMES
from hallflow.foresight.waits.model import FEW, Simple
from hallflow.foresight.waits.predictor import LEAST_STEP, UNKNOWN, Predictor
from hallflow.foresight.waits.stream import DAY
from tests.foresight.waits.test_stream import MORNING


def live(
    predictor: Predictor, day: int, each: float = 4.0, people: int = 40, seed: int = 1
) -> list[tuple[tuple[float, ...], float]]:
    """A morning of one counter; what was shown to each, and how long they waited."""
    luck, begin = np.random.default_rng(seed + day), MORNING + day * DAY
    came = np.sort(luck.uniform(0, 0.85 * each * people, people))
    free, events = 0.0, []
    for n, at in enumerate(came):
        called = max(at, free)
        free = called + luck.gamma(6, each / 6)
        events += [(at, 2, n, called), (called, 1, n, called), (free, 0, n, called)]
    shown, told = {}, []
    for at, what, n, called in sorted(events, key=lambda event: (event[0], -event[1])):
        key, tier = f"{day} {n}", ("gold", "standard")[n % 2]
        if what == 2:
            shown[n] = predictor.issue("hall", key, "bills", tier, begin + at, 0.0)
            told.append((shown[n], called - at))
        elif what == 1:
            predictor.call("hall", key, begin + at, "1")
        else:
            predictor.end("hall", key, begin + at)
    return told


def test_before_anything_was_learned_a_wait_is_not_known() -> None:
    predictor = Predictor()
    assert predictor.issue("hall", "0", "bills", "gold", MORNING, 0.0) == UNKNOWN
    predictor.learn()
    assert predictor.fallbacks, "it says what stood in"


def test_only_a_known_wait_teaches() -> None:
    predictor = Predictor()
    for key in "012":
        predictor.issue("hall", key, "bills", "gold", MORNING, 0.0)
    assert predictor.past == []
    predictor.leave("hall", "0", MORNING + 3)
    assert predictor.past == []
    predictor.call("hall", "1", MORNING + 5, None)
    predictor.call("hall", "1", MORNING + 6, None)
    predictor.call("hall", "nobody", MORNING + 6, None)
    assert [wait for _, wait in predictor.past] == [5]
    assert set(predictor.open) == {("hall", "2")}


def test_who_does_not_join_is_foreseen_and_stands_in_nobodys_way() -> None:
    predictor = Predictor()
    predictor.issue("hall", "0", "bills", "gold", MORNING, 0.0, joins=False)
    assert predictor.row("hall", "bills", "gold", MORNING + 1, 0.0)[NAMES.index("ahead")] == 0
    assert not predictor.open


@pytest.mark.parametrize("apart", [True, False])
def test_after_some_days_ranges_hold_about_four_in_five(apart: bool) -> None:
    predictor, said = Predictor("throughput", separate_empty=apart), []
    for day in range(14):
        told = live(predictor, day)
        predictor.learn()
        if day >= 4:
            said += [low <= wait <= high for (low, _, high), wait in told if wait > 0]
    assert 0.7 < np.mean(said) < 0.92
    assert (predictor.empty_queue_model is not None) == apart
    assert {name for name in predictor.calibration.groups if name} >= {"gold", "standard"}
    assert predictor.calibration.least == LEAST_STEP


def test_what_is_shown_does_not_depend_on_what_comes_later() -> None:
    first, second = Predictor("typical"), Predictor("typical")
    for predictor in (first, second):
        live(predictor, 0)
        predictor.learn()
    shown = [range_ for range_, _ in live(first, 1)]
    cut = [range_ for range_, _ in live(second, 1)][:10]
    assert shown[:10] == cut
    live(second, 2, each=20)
    assert [wait for _, wait in first.past[:80]] == [wait for _, wait in second.past[:80]]


def test_halls_do_not_see_each_other_but_learn_together() -> None:
    predictor = Predictor("typical")
    predictor.issue("north", "0", "bills", "gold", MORNING, 0.0)
    row = predictor.row("south", "bills", "gold", MORNING + 1, 0.0)
    assert row[NAMES.index("in_hall")] == 0
    assert row[NAMES.index("hall")] != predictor.row("north", "bills", "gold", MORNING + 1, 0.0)[NAMES.index("hall")]
    predictor.call("north", "0", MORNING + 4, None)
    predictor.learn()
    assert predictor.empty_queue_model is not None


def test_whoever_found_others_in_the_hall_but_nobody_in_their_queue_teaches_both_models() -> None:
    predictor = Predictor("typical")
    for n in range(2 * FEW):
        at = MORNING + 20 * n
        predictor.issue("hall", f"a{n}", "bills", "gold", at, 0.0)
        predictor.issue("hall", f"b{n}", "sim", "gold", at + 1, 0.0)
        predictor.call("hall", f"a{n}", at + 4, None)
        predictor.call("hall", f"b{n}", at + 8, None)
    predictor.learn()
    assert isinstance(predictor.model, Simple)
    assert isinstance(predictor.empty_queue_model, Simple)
    assert predictor.model.waits[1][0] == 7, "of those who came second alone"
    assert 4 <= predictor.empty_queue_model.waits[1][0] <= 7, "of all"
