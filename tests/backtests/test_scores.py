"""The scores of a backtest, compared with values calculated by hand."""

from dataclasses import replace
from math import nan

import pytest

from hallflow.backtests.scores import score
from hallflow.backtests.visit_log import Log, Logged


def a_log(*visits: tuple[float, float | None, str], tier: str = "standard", opened: int = 2) -> Log:
    """(issued, called, outcome) each, in minutes; so many counters are seen open from the beginning on."""
    rows = [
        Logged(("hall", f"A{n:03d}", ""), "hall", "bills", tier, issued, 0.0, called, None, None, outcome, joins=True)
        for n, (issued, called, outcome) in enumerate(visits)
    ]
    return Log(rows, [(0.0, "hall", "bills", opened, nan)])


HISTORY = a_log(*((float(n), 3.0 * n + 1, "served") for n in range(20)))
"""Three minutes between two calls, by two counters: six counter-minutes each."""


def test_who_found_somebody_before_them_is_scored_beside_typical_and_les() -> None:
    test = a_log((0, 4, "served"), (1, 8, "served"), (2, 10, "served"), (9, 20, "served"))
    told = score(HISTORY, test, [(0, 1, 2), (5, 6, 9), (9, 10, 12), (8, 9, 13)])
    assert told["visits"] == 3, "the first found nobody"
    assert told["mean_wait"] == pytest.approx((7 + 8 + 11) / 3)
    ours = told["predictions"]
    assert ours["mae"] == pytest.approx((1 + 2 + 2) / 3)
    assert ours["rmse"] == pytest.approx((9 / 3) ** 0.5)
    assert ours["interval"]["coverage"] == pytest.approx(2 / 3)
    assert ours["interval"]["width"] == pytest.approx((4 + 3 + 5) / 3)
    assert ours["interval"]["winkler"] == pytest.approx(4 + 10 * 1 / 3), (
        "the second was called a minute before its range"
    )
    # one, two and one ahead, three minutes each; nobody had been called, then nobody, then one who had waited seven
    assert told["typical"]["mae"] == pytest.approx((abs(3 - 7) + abs(6 - 8) + abs(3 - 11)) / 3)
    assert told["les"]["mae"] == pytest.approx((7 + 8 + abs(7 - 11)) / 3)
    assert ours["mae_ratio_to_typical"] == pytest.approx(ours["mae"] / told["typical"]["mae"])


def test_les_is_that_of_the_same_tier_and_coverage_is_told_by_tier() -> None:
    test = a_log((0, 4, "served"), (1, 8, "served"), (2, 10, "served"), (9, 20, "served"))
    test.visits[1] = replace(test.visits[1], tier="gold")
    told = score(HISTORY, test, [(0, 1, 2), (5, 6, 9), (9, 10, 12), (8, 9, 13)])
    assert told["les"]["mae"] == pytest.approx((7 + 8 + abs(4 - 11)) / 3)
    assert {tier: found["coverage"] for tier, found in told["predictions"]["per_tier"].items()} == {
        "gold": 1.0,
        "standard": 0.5,
    }


def test_who_left_or_missed_their_turn_is_before_others_and_not_scored() -> None:
    test = a_log((0, 4, "missed"), (1, None, "abandoned"), (2, 10, "served"))
    test.visits[1] = replace(test.visits[1], ended=6.0)
    told = score(HISTORY, test, [(0, 1, 2)] * 3)
    assert told["visits"] == 1
    assert told["typical"]["mae"] == pytest.approx(abs(2 * 3 - 8))


def test_without_anybody_to_score_there_is_no_score() -> None:
    assert score(HISTORY, a_log((0, 0, "served")), [(0, 0, 0)]) == {"visits": 0}
