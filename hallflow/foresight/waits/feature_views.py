"""What the trees of a model look at, of all that `features.py` tells: little, for a past of a few days makes much of chance.

Where calls name their counter, the hall is seen as one crowd before its counters; where they do not, each queue by its own pace.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hallflow.foresight.waits.counter_features import NAMES as DESKS
from hallflow.foresight.waits.features import NAMES
from hallflow.foresight.waits.today_features import NAMES as TODAY

ROOT, BEYOND = "root", "beyond"
"""What a set of trees tells: the root of the minutes, or by how much it lies beyond the root of those for the places ahead."""


@dataclass(frozen=True, slots=True)
class View:
    """Columns by name, what the sets of trees tell, how many sets of each there are, and how the trees grow."""

    names: tuple[str, ...]
    aims: tuple[str, ...]
    seeds: int
    """Sets that differ by chance: the mean of several is nearer than each of them."""
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
        "recent_work", "calls_60", "hall_calls_60", "hall_pace", "pace", "gap_per_call", "recent_scaled", "les_scaled", *TODAY,
    ),
    # cut at places drawn by lot: of the best places for a few days many are best by chance alone
    (ROOT, BEYOND), 4, 150, {"feature_fraction": 0.6, "extra_trees": True},
)  # fmt: skip
COUNTERS = View(
    (
        *BOTH, "in_hall_tier", "in_hall_other_tiers", "active", "serving", "idle", "serving_for", "last_tier_hall", "since_hall_call",
        "hall_calls_5", "hall_calls_15", "hall_arrivals_15", *(name for name in DESKS if name not in BOTH),
    ),
    (ROOT,), 6, 100, {"feature_fraction": 0.5},
)  # fmt: skip
SERVING = NAMES.index("serving")


def view_of(rows: NDArray[np.float64]) -> View:
    """How to look at such a past."""
    return COUNTERS if (rows[:, SERVING] > 0).any() else QUEUES
