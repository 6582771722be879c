"""Staffing saved by the simulation-based search against Erlang C (SIPP), on a simulated hall of 1,170 tickets."""

from bench.figures import Figures, Goal
from hallflow.backtests.sipp import SimulatedPlan
from hallflow.backtests.staffing import StaticPlans, static

GOAL = 0.92
COUNTED = (
    "10 hours, two peaks, lognormal service of 7.5 minutes and half a minute of walk, patience of 45 minutes on average. SIPP: for "
    "each quarter-hour by itself the fewest counters with which Erlang C says that 80 % are called within 10 minutes. The search "
    "finds its plan on 1,200 days and makes it good on 1,200 others; all plans are then judged on {days:,} days that none has seen. "
    "Within: the share of all who came in that quarter-hour who were called within 10 minutes and had not left. "
    "Days vary only by chance, or by a gamma factor of 15 % beside it. SIPP lowered: the cheapest plan that Erlang C gives for a "
    "lower share than 80 % and that still serves as well in its worst quarter-hour as the search's does. `hallflow backtest "
    "staffing` makes the same figures."
)


def measure(quick: bool) -> Figures:
    """Staff-hours and what they buy, without and with busyness."""
    days = 60 if quick else 2000
    rows, facts, goals = [], [], []
    for name, cv in (("chance alone", 0.0), ("busyness 15 %", 0.15)):
        told = static(cv, days, plays=40 if quick else 1200)
        for by, one in (("SIPP", told.sipp), ("SIPP lowered", told.lowered), ("search", told.searched)):
            facts.append({"days": name, "by": by, "counters": one.counters, "hours": one.hours, **_figures(one)})
            rows.append(
                [
                    f"{name}, {by}", f"{one.hours:.2f}", f"{one.hours / told.sipp.hours:.3f}", f"{_share(one):.3f}",
                    f"{one.service_levels.min():.3f}", f"{one.abandoned.sum() / one.came.sum():.1%}", f"{one.abandonment.max():.1%}",
                ]
            )  # fmt: skip
        if not cv:
            goals = _goals(told)
    columns = ("days, plan", "staff-hours", "of SIPP", "within", "worst quarter", "left", "most in a quarter")
    return Figures(
        "staffing",
        "StaticPlans plan against Erlang C",
        COUNTED.format(days=days),
        columns,
        rows,
        {"plans": facts},
        goals,
    )


def _goals(told: StaticPlans) -> list[Goal]:
    ours, sipp, lowered = told.searched, told.sipp, told.lowered
    share, same = ours.hours / sipp.hours, ours.hours / lowered.hours
    under = int((ours.service_levels < sipp.service_levels).sum())
    most = float(ours.abandonment.max())
    return [
        Goal(f"at most {GOAL} of SIPP's staff-hours (chance alone), both for 80 % within 10 minutes", f"{share:.3f}", share <= GOAL),
        Goal("80 % within 10 minutes in every quarter-hour", f"at least {ours.service_levels.min():.3f}", ours.service_levels.min() >= 0.8),
        Goal("at most 5 % leave in every quarter-hour", f"at most {most:.1%}", most <= 0.05),
        Goal(
            f"at most {GOAL} of the hours of the SIPP plan that serves as well in its worst quarter-hour",
            f"{same:.3f} ({lowered.service_levels.min():.3f} and {ours.service_levels.min():.3f} there)", same <= GOAL,
        ),
        Goal(
            "in every quarter-hour as many within 10 minutes as SIPP's plan happens to reach",
            f"fewer in {under} of {len(ours.service_levels)}, by at most {float((sipp.service_levels - ours.service_levels).max()):.3f}", not under,
        ),
    ]  # fmt: skip


def _share(one: SimulatedPlan) -> float:
    return float(one.within_goal.sum() / one.came.sum())


def _figures(one: SimulatedPlan) -> dict[str, object]:
    return {"within": one.service_levels.tolist(), "left": one.abandonment.tolist()}
