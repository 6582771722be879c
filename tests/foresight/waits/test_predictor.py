"""Who foresees learns from a wait only once it is known, and from nothing that comes later."""

import numpy as np
import pytest

from hallflow.foresight.waits.features import NAMES
from hallflow.foresight.waits.model import FEW, Simple
from hallflow.foresight.waits.predictor import LEAST_STEP, UNKNOWN, Foreseer
from hallflow.foresight.waits.stream import DAY
from tests.foresight.waits.test_stream import MORNING


def live(
    foreseer: Foreseer, day: int, each: float = 4.0, people: int = 40, seed: int = 1
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
            shown[n] = foreseer.issue("hall", key, "bills", tier, begin + at, 0.0)
            told.append((shown[n], called - at))
        elif what == 1:
            foreseer.call("hall", key, begin + at, "1")
        else:
            foreseer.end("hall", key, begin + at)
    return told


def test_before_anything_was_learned_a_wait_is_not_known() -> None:
    foreseer = Foreseer()
    assert foreseer.issue("hall", "0", "bills", "gold", MORNING, 0.0) == UNKNOWN
    foreseer.learn()
    assert foreseer.fallbacks, "it says what stood in"


def test_only_a_known_wait_teaches() -> None:
    foreseer = Foreseer()
    for key in "012":
        foreseer.issue("hall", key, "bills", "gold", MORNING, 0.0)
    assert foreseer.past == []
    foreseer.leave("hall", "0", MORNING + 3)
    assert foreseer.past == []
    foreseer.call("hall", "1", MORNING + 5, None)
    foreseer.call("hall", "1", MORNING + 6, None)
    foreseer.call("hall", "nobody", MORNING + 6, None)
    assert [wait for _, wait in foreseer.past] == [5]
    assert set(foreseer.open) == {("hall", "2")}


def test_who_does_not_join_is_foreseen_and_stands_in_nobodys_way() -> None:
    foreseer = Foreseer()
    foreseer.issue("hall", "0", "bills", "gold", MORNING, 0.0, joins=False)
    assert foreseer.row("hall", "bills", "gold", MORNING + 1, 0.0)[NAMES.index("ahead")] == 0
    assert not foreseer.open


@pytest.mark.parametrize("apart", [True, False])
def test_after_some_days_ranges_hold_about_four_in_five(apart: bool) -> None:
    foreseer, said = Foreseer("throughput", apart=apart), []
    for day in range(14):
        told = live(foreseer, day)
        foreseer.learn()
        if day >= 4:
            said += [low <= wait <= high for (low, _, high), wait in told if wait > 0]
    assert 0.7 < np.mean(said) < 0.92
    assert (foreseer.alone is not None) == apart
    assert {name for name in foreseer.calibration.groups if name} >= {"gold", "standard"}
    assert foreseer.calibration.least == LEAST_STEP


def test_what_is_shown_does_not_depend_on_what_comes_later() -> None:
    first, second = Foreseer("typical"), Foreseer("typical")
    for foreseer in (first, second):
        live(foreseer, 0)
        foreseer.learn()
    shown = [range_ for range_, _ in live(first, 1)]
    cut = [range_ for range_, _ in live(second, 1)][:10]
    assert shown[:10] == cut
    live(second, 2, each=20)
    assert [wait for _, wait in first.past[:80]] == [wait for _, wait in second.past[:80]]


def test_halls_do_not_see_each_other_but_learn_together() -> None:
    foreseer = Foreseer("typical")
    foreseer.issue("north", "0", "bills", "gold", MORNING, 0.0)
    row = foreseer.row("south", "bills", "gold", MORNING + 1, 0.0)
    assert row[NAMES.index("in_hall")] == 0
    assert row[NAMES.index("hall")] != foreseer.row("north", "bills", "gold", MORNING + 1, 0.0)[NAMES.index("hall")]
    foreseer.call("north", "0", MORNING + 4, None)
    foreseer.learn()
    assert foreseer.alone is not None


def test_whoever_found_others_in_the_hall_but_nobody_in_their_queue_teaches_both_models() -> None:
    foreseer = Foreseer("typical")
    for n in range(2 * FEW):
        at = MORNING + 20 * n
        foreseer.issue("hall", f"a{n}", "bills", "gold", at, 0.0)
        foreseer.issue("hall", f"b{n}", "sim", "gold", at + 1, 0.0)
        foreseer.call("hall", f"a{n}", at + 4, None)
        foreseer.call("hall", f"b{n}", at + 8, None)
    foreseer.learn()
    assert isinstance(foreseer.model, Simple)
    assert isinstance(foreseer.alone, Simple)
    assert foreseer.model.waits[1][0] == 7, "of those who came second alone"
    assert 4 <= foreseer.alone.waits[1][0] <= 7, "of all"
