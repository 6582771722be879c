"""The load each policy carries before a tier misses its service level, on the simulated hall of 14 skilled counters."""

from functools import cache

import numpy as np

from bench.figures import Figures, Goal
from bench.methods import paper
from hallflow.backtests import textbook_hall
from hallflow.domain.policies import POLICIES
from hallflow.foresight.staffing.trial import Trial, set_trial

GOAL, LONGEST = 1.08, 60.0
STEP = 0.25
COUNTED = (
    "Tiers of 15, 30 and 55 % with goals of 90 % within 5, 85 % within 10 and 80 % within 20 minutes; guards of 15, 30 and 45 "
    "minutes and bounds of 30, 60 and 90 overtakings; 10 hours, two peaks, patience of 45 minutes, all counters open. The frontier "
    "is the most arrivals in the busiest quarter-hour at which every tier meets its goal over the day, of all who came, those who "
    "left counted against it; found to a quarter of a customer on the same {days:,} days for every policy. Load is that quarter-hour's "
    "work by the fourteen counters. A policy 'alone' is played with neither guard nor bound."
)


def measure(quick: bool) -> Figures:
    """Each policy's frontier, and the longest wait of anybody there."""
    days = 20 if quick else 300
    rows, facts = [], {}
    for policy in POLICIES:
        for promises in (True, False):
            per_quarter = _frontier(policy, promises, days)
            shares, longest, left = _attained(policy, promises, days, per_quarter)
            name = policy if promises else f"{policy} alone"
            facts[name] = {"per_quarter": per_quarter, "shares": shares, "longest": longest, "left": left}
            rows.append(
                [
                    name, f"{per_quarter:.2f}", f"{_load(per_quarter):.3f}",
                    *(f"{share:.3f}" for share in shares.values()), f"{longest['standard']:.0f}", f"{left:.1%}",
                ]
            )  # fmt: skip
    best_strict = max(facts["strict"]["per_quarter"], facts["strict alone"]["per_quarter"])
    ratio = facts["attainment"]["per_quarter"] / best_strict
    longest = facts["attainment"]["longest"]["standard"]
    goals = [
        Goal(
            f"attainment first carries at least {GOAL} x strict priority, the better of both",
            f"{ratio:.3f}",
            ratio >= GOAL,
        ),
        Goal("no ordinary customer over 60 minutes there", f"{longest:.0f} minutes", longest <= LONGEST),
    ]
    columns = ("policy", "frontier", "load", "gold", "silver", "standard", "longest, standard", "left")
    return Figures("routing", "Load frontier of the policies", COUNTED.format(days=days), columns, rows, facts, goals)


def _frontier(policy: str, promises: bool, days: int) -> float:
    low, high = 20.0, 70.0
    while high - low > STEP:
        middle = (low + high) / 2
        plan, _ = paper.routing_hall(policy, promises=promises)
        shares, _, _ = _attained(policy, promises, days, middle)
        met = all(share >= plan.tiers[key].goal_share for key, share in shares.items())
        low, high = (middle, high) if met else (low, middle)
    return low


@cache
def _attained(
    policy: str, promises: bool, days: int, per_quarter: float
) -> tuple[dict[str, float], dict[str, float], float]:
    """By tier the share within its goal and the longest wait; and the share of all who left."""
    plan, learned = paper.routing_hall(policy, promises=promises)
    day = paper.a_day(per_quarter, paper.SHARES)
    trial: Trial = set_trial(plan, learned, day, np.random.default_rng(5), days)
    shown = trial.play(np.repeat([[len(group.counters)] for group in trial.groups], textbook_hall.QUARTERS, axis=1))
    mine = {key: [i for i, (_, of) in enumerate(trial.stage.lines) if of == key] for key in plan.tiers}
    shares = {key: float(shown.in_goal[:, lines].sum() / shown.came[:, lines].sum()) for key, lines in mine.items()}
    longest = {key: float(shown.longest[lines].max()) for key, lines in mine.items()}
    return shares, longest, float(shown.abandoned.sum() / shown.came.sum())


def _load(per_quarter: float) -> float:
    _, learned = paper.routing_hall()
    each = sum(share * learned.occupied_minutes(key) for key, share in paper.SHARES.items())
    return per_quarter / 15 * each / len(paper.SKILLED)
