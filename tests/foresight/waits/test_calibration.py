"""A calibrated range has the promised coverage, however the waits behave."""

import json
from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hallflow.domain.waits.ranges import WaitRange, outward
from hallflow.foresight.waits.calibration import FEW, Calibration

RAW = (8.0, 10.0, 12.0)


def told(
    calibration: Calibration, group: str, waits: Iterable[float], raw: tuple[float, float, float] = RAW
) -> list[int]:
    """-1 below, 0 within, 1 above: where each wait lay against the range shown before it was known."""
    said = []
    for wait in waits:
        low, _, high = calibration.adjust(group, *raw)
        said.append(int(wait > high) - int(wait < low))
        calibration.update(group, *raw, wait)
    return said


@settings(max_examples=20, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    mean=st.floats(0.3, 40),
    spread=st.floats(0.2, 1.2),
    drift=st.floats(-0.6, 1),
    jump=st.floats(0.4, 2),
)
def test_four_in_five_lie_within_whatever_the_range_was_and_however_the_waits_drift(
    seed: int, mean: float, spread: float, drift: float, jump: float
) -> None:
    n = 1500
    rng = np.random.default_rng(seed)
    course = mean * (1 + drift * np.arange(n) / n)
    course[n // 2 :] *= jump
    waits = course * rng.lognormal(0, spread, n)
    said = np.array(told(Calibration(), "gold", waits))
    # an end that would have to lie below no wait at all cannot be missed: then there are fewer outside, never more
    assert (said == 1).mean() <= 0.18
    assert (said == -1).mean() <= 0.18
    settled = said[-n // 4 :]
    assert (settled == 1).mean() <= 0.18
    assert (settled == -1).mean() <= 0.18


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), spread=st.floats(2, 6), drift=st.floats(-8, 8))
def test_a_range_that_is_far_too_wide_or_too_narrow_comes_to_hold_four_in_five(
    seed: int, spread: float, drift: float
) -> None:
    rng = np.random.default_rng(seed)
    waits = 60 + drift * np.arange(1500) / 1500 + spread * rng.standard_normal(1500)
    for raw in ((59.9, 60.0, 60.1), (35.0, 60.0, 85.0)):
        said = np.array(told(Calibration(), "gold", waits, raw))[300:]
        for outside in (-1, 1):
            assert (said == outside).mean() == pytest.approx(0.1, abs=0.06)


def test_each_tier_is_held_to_the_promise_by_itself() -> None:
    rng = np.random.default_rng(1)
    calibration, within = Calibration(), {"gold": [], "standard": []}
    for _ in range(1500):
        for tier, spread in (("gold", 6.0), ("standard", 1.0)):
            wait = max(10 + spread * rng.standard_normal(), 0.0)
            within[tier] += [told(calibration, tier, [wait])[0] == 0]
    for tier, kept in within.items():
        assert np.mean(kept) == pytest.approx(0.8, abs=0.02), tier
    low, _, high = calibration.adjust("gold", *RAW)
    assert high - low > 3 * np.diff(calibration.adjust("standard", *RAW)[::2])[0]


def test_a_tier_that_is_new_starts_from_what_all_have_taught() -> None:
    calibration = Calibration()
    assert calibration.adjust("gold", *RAW) == RAW
    told(calibration, "standard", np.abs(10 + 8 * np.random.default_rng(2).standard_normal(500)))
    assert calibration.adjust("gold", *RAW) == calibration.adjust("silver", *RAW) != RAW
    told(calibration, "gold", np.full(FEW, 10.0))
    assert calibration.adjust("gold", *RAW) != calibration.adjust("silver", *RAW)


@settings(deadline=None)
@given(
    raw=st.lists(st.floats(0, 300), min_size=3, max_size=3),
    outcomes=st.lists(st.tuples(st.sampled_from(["a", "b"]), st.floats(0, 300)), max_size=60),
)
def test_a_range_stays_a_range_and_survives_being_written_down(
    raw: list[float], outcomes: list[tuple[str, float]]
) -> None:
    low, likely, high = sorted(raw)
    calibration = Calibration()
    for group, actual in outcomes:
        calibration.update(group, low, likely, high, actual)
    again = Calibration.from_data(json.loads(json.dumps(calibration.as_data())))
    assert again == calibration
    for group in ("a", "b", "new"):
        shown = again.adjust(group, low, likely, high)
        assert shown == calibration.adjust(group, low, likely, high)
        assert 0 <= shown[0] <= shown[1] <= shown[2]


def read(calibration: Calibration, group: str, raw: tuple[float, float, float], wait: float) -> tuple[int, WaitRange]:
    """Like `told`, for one wait and the range as it is read, in sensible minutes."""
    shown = outward(*calibration.adjust(group, *raw))
    calibration.update(group, *raw, wait)
    return int(wait > shown.high) - int(wait < shown.low), shown


def test_it_is_the_range_as_it_is_read_that_holds_four_in_five() -> None:
    # quantiles that are right before they are rounded: rounding outward alone would hold nine in ten
    luck = np.random.default_rng(3)
    means = luck.uniform(8, 25, 3000)
    kept = {}
    for rounded in (False, True):
        calibration, said = Calibration(rounded=rounded), []
        for mean, wait in zip(means, means * np.random.default_rng(4).lognormal(0, 0.3, 3000), strict=True):
            raw = (mean * 0.681, mean, mean * 1.469)
            said.append(read(calibration, "gold", raw, wait)[0])
        kept[rounded] = np.mean(np.array(said[500:]) == 0)
    assert kept[False] > 0.86
    assert kept[True] == pytest.approx(0.8, abs=0.02)


def test_where_nobody_can_be_called_before_the_range_all_who_are_missed_are_missed_after_it() -> None:
    luck, calibration = np.random.default_rng(6), Calibration(rounded=True)
    said = [read(calibration, "gold", (0.0, 9.0, 40.0), wait)[0] for wait in luck.exponential(20, 3000)][500:]
    assert -1 not in said
    assert np.mean(np.array(said) == 1) == pytest.approx(0.2, abs=0.03)


def test_a_range_is_never_narrower_than_its_minutes_and_comes_back_at_once_from_being_so_narrow() -> None:
    calibration = Calibration(rounded=True)
    for _ in range(2000):
        miss, shown = read(calibration, "gold", (9.0, 12.0, 15.0), 12.0)
        assert miss == 0
        assert shown.high > shown.low
    assert (shown.low, shown.high) == (10, 15)
    luck = np.random.default_rng(7)
    waits = 12 + 3 * luck.standard_normal(400)
    missed = [read(calibration, "gold", (9.0, 12.0, 15.0), wait)[0] for wait in waits]
    assert np.mean(np.array(missed[100:]) != 0) == pytest.approx(0.2, abs=0.06)


def test_a_group_leans_on_the_larger_one_it_is_part_of() -> None:
    calibration = Calibration()
    told(calibration, "gold/short", np.abs(10 + 8 * np.random.default_rng(2).standard_normal(300)))
    told(calibration, "standard/short", np.abs(10 + 1 * np.random.default_rng(3).standard_normal(300)))
    low, _, high = calibration.adjust("gold/long", *RAW)
    assert (low, high) == calibration.adjust("gold", *RAW)[::2]
    assert high - low > 2 * np.diff(calibration.adjust("standard/long", *RAW)[::2])[0]
