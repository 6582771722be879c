"""The compiled kernel and the numpy version agree to the last bit, on any hall."""

from dataclasses import replace

import numpy as np
import pytest

from hallflow.domain.policies import POLICIES
from hallflow.foresight.learning.learned import from_plan
from hallflow.foresight.learning.speeds import TimeFactors
from hallflow.foresight.twin import compiled
from hallflow.foresight.twin.play import play
from tests.foresight.makers import NOON, a_plan, minutes
from tests.foresight.twin.test_play import MINUTES, SKILLS, a_random_floor


def a_hall(policy: str, seed: int):
    """Uneven counters and leaving, no-shows, and a roster that opens, breaks and closes."""
    plan = a_plan(SKILLS, MINUTES, policy)
    learned = replace(
        from_plan(plan),
        no_show_share=0.1,
        patience_minutes=25.0,
        giving_up=(3.0, 1.0, 0.5, 0.7, 1.0, 2.0),
        paces=TimeFactors({}, {"bills": {"1": 0.7, "2": 1.4}, "sim": {"4": 1.2}}, {}),
    )
    floor = a_random_floor(plan, np.random.default_rng(seed), 40)
    shifts = {
        "1": [(NOON, NOON + minutes(20)), (NOON + minutes(35), NOON + minutes(90))],
        "3": [(NOON + minutes(5), NOON + minutes(50))],
    }
    return floor, plan, learned, shifts


@pytest.mark.parametrize("policy", list(POLICIES))
@pytest.mark.parametrize("whole", [True, False], ids=["whole", "until called"])
def test_both_ways_of_playing_give_the_same_minutes(policy, whole):
    floor, plan, learned, shifts = a_hall(policy, 11)
    quick, plain = (
        play(floor, plan, learned, NOON, np.random.default_rng(5), 60, None, 120.0, whole, shifts, fast)
        for fast in (True, False)
    )
    assert len(plain.tickets) > 5
    assert quick.tickets.keys() == plain.tickets.keys()
    assert quick.abandoned == plain.abandoned
    for mine, theirs in ((quick.tickets, plain.tickets), (quick.nexts, plain.nexts)):
        for key, waits in theirs.items():
            assert np.array_equal(mine[key], waits), key
    for part in ("since", "called", "leaves"):
        assert np.array_equal(getattr(quick, part), getattr(plain, part)), part


def test_numpy_plays_until_the_kernel_is_ready_and_then_nothing_changes():
    floor, plan, learned, _ = a_hall("attainment", 3)
    first = play(floor, plan, learned, NOON, np.random.default_rng(2), 20)
    assert compiled._ready.wait(300)
    assert compiled.ready()
    second = play(floor, plan, learned, NOON, np.random.default_rng(2), 20)
    assert all(np.array_equal(first.nexts[kind], second.nexts[kind]) for kind in second.nexts)


def test_a_hall_of_a_thousand_is_played_in_parts_that_keep_to_their_memory():
    floor, plan, learned, _ = a_hall("attainment", 8)
    whole = play(floor, plan, learned, NOON, np.random.default_rng(4), 120)
    from hallflow.foresight.twin import play as twin

    sizes = []
    kept, twin.CELLS = twin.CELLS, 60 * 10
    try:
        made = twin.set_stage

        def seen(*given, **named):
            stage = made(*given, **named)
            sizes.append(len(stage.since))
            return stage

        twin.set_stage = seen
        parts = play(floor, plan, learned, NOON, np.random.default_rng(4), 120)
    finally:
        twin.CELLS, twin.set_stage = kept, made
    assert sizes == [50, 50, 20]
    for number, waits in whole.tickets.items():
        assert len(parts.tickets[number]) == 120
        assert parts.tickets[number].mean() == pytest.approx(waits.mean(), abs=4 * waits.std() / 60**0.5 + 0.1)
