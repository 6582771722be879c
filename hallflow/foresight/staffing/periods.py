"""Load classification: busy, normal or quiet, by a quarter-hour's offered load per counter of the hall."""

from hallflow.domain.plan import Plan


def period(load: float, plan: Plan) -> str:
    """Class of a load in erlangs, relative to the counters of the plan."""
    share = load / max(len(plan.counters), 1)
    if share > plan.staffing.busy_above:
        return "busy"
    return "quiet" if share < plan.staffing.quiet_below else "normal"
