"""Models fitted on a history: better than the estimate they correct, cautious with few data, unchanged by saving."""

import json

import numpy as np
import pytest

from hallflow.foresight.waits import model as trained
from hallflow.foresight.waits.estimators import ESTIMATORS
from hallflow.foresight.waits.feature_views import COUNTERS, QUEUES
from hallflow.foresight.waits.features import NAMES
from hallflow.foresight.waits.model import ENOUGH, FEW, Boosted, Outgrown, Simple, train

AHEAD, TYPICAL, LES = (NAMES.index(name) for name in ("ahead", "typical", "les"))


def a_past(n: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Waits of three minutes for each before, by a chance known; typical thinks five, LES knows little."""
    luck = np.random.default_rng(seed)
    rows = np.full((n, len(NAMES)), np.nan)
    ahead = luck.integers(1, 15, n)
    waits = 3.0 * ahead * luck.lognormal(0, 0.25, n)
    for name in ESTIMATORS:
        rows[:, NAMES.index(name)] = 5.0 * ahead
    rows[:, AHEAD] = ahead
    rows[:, LES] = 4 * luck.permutation(waits)
    return rows, waits


def test_a_model_is_nearer_than_what_it_corrects_and_its_range_holds_about_four_in_five() -> None:
    model, why = train(*a_past(4000))
    assert isinstance(model, Boosted)
    assert why is None
    rows, waits = a_past(2000, seed=2)
    low, likely, high = model.predict(rows).T
    assert np.abs(likely - waits).mean() < 0.5 * np.abs(rows[:, TYPICAL] - waits).mean()
    assert 0.72 < ((low <= waits) & (waits <= high)).mean() < 0.86
    assert (low <= likely).all()
    assert (likely <= high).all()
    assert (low >= 0).all()


def test_the_same_history_makes_the_same_model_and_writing_it_down_changes_nothing() -> None:
    first, second = (train(*a_past(ENOUGH))[0] for _ in range(2))
    rows = a_past(50, seed=3)[0]
    again = Boosted.from_data(json.loads(json.dumps(first.as_data())))
    assert np.array_equal(first.predict(rows), second.predict(rows))
    assert np.array_equal(first.predict(rows), again.predict(rows))


def test_where_calls_name_their_counter_the_model_looks_at_the_crowd_before_the_counters() -> None:
    rows, waits = a_past(ENOUGH)
    queues, _ = train(rows, waits)
    rows[:, NAMES.index("serving")] = 2
    counters, _ = train(rows, waits)
    assert isinstance(queues, Boosted)
    assert isinstance(counters, Boosted)
    assert (queues.names, counters.names) == (QUEUES.names, COUNTERS.names)


@pytest.mark.parametrize("data", [{"trees": []}, {"names": ["ahead", "of old"], "aims": [], "trees": []}])
def test_a_model_that_looks_at_what_is_no_longer_told_is_refused(data: dict[str, list[str]]) -> None:
    with pytest.raises(Outgrown):
        Boosted.from_data(data)


@pytest.mark.parametrize("n", [0, 1, FEW - 1, FEW, ENOUGH - 1])
def test_a_history_too_short_says_so_and_what_stands_in_is_the_nearest_simple_estimate(n: int) -> None:
    model, why = train(*a_past(n))
    assert isinstance(model, Simple)
    assert why is not None
    assert why.startswith(f"{n:,} past visits")
    assert model.estimator != "les"
    told = model.predict(a_past(20, seed=4)[0])
    assert (np.diff(told, axis=1) >= 0).all()
    assert (told >= 0).all()


def test_without_lightgbm_the_nearest_simple_estimate_stands_in_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trained, "learned_waits", lambda: False)
    model, why = train(*a_past(2 * ENOUGH))
    assert isinstance(model, Simple)
    assert why is not None
    assert "learned-waits" in why


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_a_simple_estimate_tells_the_waits_that_followed_it(estimator: str) -> None:
    model, why = train(*a_past(4000), estimator)
    assert isinstance(model, Simple)
    assert (model.estimator, why) == (estimator, None)
    rows, waits = a_past(2000, seed=5)
    low, likely, high = model.predict(rows).T
    assert 0.75 < ((low <= waits) & (waits <= high)).mean() < 0.85
    if estimator != "les":
        assert likely == pytest.approx(0.6 * rows[:, TYPICAL], rel=0.25), "five minutes were said where three passed"
    again = Simple.from_data(json.loads(json.dumps(model.as_data())))
    assert np.array_equal(again.predict(rows), model.predict(rows))


def test_beyond_what_was_seen_a_simple_range_grows_with_its_estimate() -> None:
    model, _ = train(*a_past(1000), "typical")
    rows = np.full((2, len(NAMES)), np.nan)
    rows[:, TYPICAL] = (140.0, 280.0)
    near, far = model.predict(rows)
    assert far == pytest.approx(2 * near)
