"""What the search saves against an Erlang C plan (SIPP), on the simulated hall of one service and 1,170 tickets a day."""

from collections.abc import Sequence

import numpy as np

from hallflow.domain.plan import StaffingRules
from hallflow.foresight.erlang import within_c
from hallflow.foresight.required import required
from hallflow.foresight.trial import Shown, Trial, set_trial
from tests.load import paper
from tests.load.figures import Figures, Goal

GOAL = 0.92
COUNTED = (
    "10 hours, two peaks, lognormal service of 7.5 minutes and half a minute of walk, patience of 45 minutes on average. SIPP: for "
    "each quarter-hour by itself the fewest counters with which Erlang C says that 80 % are called within 10 minutes. The search "
    "finds its plan on 400 days and makes it good on 400 others; both plans are then judged on {days:,} days that neither has seen. "
    "Within: the share of all who came in that quarter-hour who were called within 10 minutes and had not left. "
    "Days vary only by chance, or by a gamma factor of 15 % beside it."
)


def measure(quick: bool) -> Figures:
    """Staff-hours and what they buy, without and with busyness."""
    plan, learned = paper.staffing_hall()
    days = 60 if quick else 2000
    rows, facts, goals = [], [], []
    for name, cv in (("chance alone", 0.0), ("busyness 15 %", 0.15)):
        ahead = paper.a_day(paper.peaks_of(paper.TICKETS), {"bills": 1.0}, cv)
        sipp = [
            _erlang_c(q.total.expected / 15, learned.occupied_minutes("bills"), plan.staffing) for q in ahead.quarters
        ]
        found = required(plan, learned, ahead, [7], plays=40 if quick else 400)
        if found is None:
            raise RuntimeError("the search found nothing for a day on which somebody comes")
        ours = [quarter.counters for quarter in found.quarters]
        judged = set_trial(plan, learned, ahead, np.random.default_rng(99), days)
        told = {}
        for by, counters in (("SIPP", sipp), ("search", ours)):
            told[by] = figures = _judged(judged, counters)
            facts.append({"days": name, "by": by, "counters": counters, **figures})
            rows.append(
                [
                    f"{name}, {by}", f"{figures['hours']:.2f}", f"{figures['hours'] / (sum(sipp) / 4):.3f}",
                    f"{figures['within']:.3f}", f"{figures['worst']:.3f}", f"{figures['left']:.1%}", f"{figures['most_left']:.1%}",
                ]
            )  # fmt: skip
        if not cv:
            goals = _goals(told["search"], told["SIPP"])
    columns = ("days, plan", "staff-hours", "of SIPP", "within", "worst quarter", "left", "most in a quarter")
    return Figures(
        "staffing", "Static plan against Erlang C", COUNTED.format(days=days), columns, rows, {"plans": facts}, goals
    )


def _goals(ours: dict[str, float], sipp: dict[str, float]) -> list[Goal]:
    share = ours["hours"] / sipp["hours"]
    return [
        Goal(f"at most {GOAL} of SIPP's staff-hours (chance alone)", f"{share:.3f}", share <= GOAL),
        Goal("80 % within 10 minutes in every quarter-hour", f"at least {ours['worst']:.3f}", ours["worst"] >= 0.8),
        Goal("at most 5 % leave", f"{ours['left']:.1%}", ours["left"] <= 0.05),
    ]


def _erlang_c(per_minute: float, minutes: float, rules: StaffingRules) -> int:
    n = 1
    while within_c(per_minute * minutes, n, minutes, rules.goal_minutes) < rules.goal_share:
        n += 1
    return n


def _judged(trial: Trial, counters: Sequence[int]) -> dict[str, float]:
    shown: Shown = trial.play(np.array([counters]))
    came, within, left = (each.sum(axis=1) for each in (shown.came, shown.in_time, shown.left))
    return {
        "hours": sum(counters) / 4,
        "within": float(within.sum() / came.sum()),
        "worst": float((within / came).min()),
        "left": float(left.sum() / came.sum()),
        "most_left": float((left / came).max()),
    }
