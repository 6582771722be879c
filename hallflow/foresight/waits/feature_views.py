"""Feature selection: the subset of features that the trees are trained on, small because a short history is easily overfitted.

Where calls name their counter, the hall is seen as one queue before its counters; otherwise each queue by its own call rate.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hallflow.foresight.waits.counter_features import NAMES as COUNTER_NAMES
from hallflow.foresight.waits.features import NAMES
from hallflow.foresight.waits.today_features import NAMES as TODAY_NAMES

ROOT, BEYOND = "root", "beyond"
"""Target of a set of trees: the square root of the wait, or its difference from the root of the time usual for the places ahead."""


@dataclass(frozen=True, slots=True)
class View:
    """A feature subset with its training targets and settings."""

    names: tuple[str, ...]
    aims: tuple[str, ...]
    seeds: int
    """Ensembles with different random seeds; the mean of several has less variance than each."""
    rounds: int
    settings: Mapping[str, Any]


BOTH = (
    "gap_open", "typical", "les", "ahead", "ahead_tier", "tier", "head_waits", "hall_head_waits", "mean_waited", "sum_waited",
    "in_hall", "minute_of_day", "minutes_per_call", "recent_mean", "calls_15", "hall_pace_3", "hall_pace_8", "tier_recent",
    "better_in_hall", "twin_low", "twin_likely", "twin_high",
)  # fmt: skip
QUEUES = View(
    (
        *BOTH, "throughput", "fluid", "today_each", "today_each_median", "usual_each", "usual_each_now", "head_scaled", "tail_scaled",
        "since_call", "open_seen", "seen_ago", "waiting_seen", "waiting_off", "open", "open_30", "usual_wait", "queue_usual_wait",
        "recent_work", "calls_60", "hall_calls_60", "hall_pace", "pace", "gap_per_call", "recent_scaled", "les_scaled", *TODAY_NAMES,
    ),
    # random split points (extremely randomised trees): with few days, many of the best split points are best by chance
    (ROOT, BEYOND), 4, 150, {"feature_fraction": 0.6, "extra_trees": True},
)  # fmt: skip
COUNTERS = View(
    (
        *BOTH, "in_hall_tier", "in_hall_other_tiers", "active", "serving", "idle", "serving_for", "last_tier_hall", "since_hall_call",
        "hall_calls_5", "hall_calls_15", "hall_arrivals_15", *(name for name in COUNTER_NAMES if name not in BOTH),
    ),
    (ROOT,), 6, 100, {"feature_fraction": 0.5},
)  # fmt: skip
SERVING = NAMES.index("serving")


def view_of(rows: NDArray[np.float64]) -> View:
    """Choose the view for a history of feature rows, shape (n, features)."""
    return COUNTERS if (rows[:, SERVING] > 0).any() else QUEUES
