"""Busy, normal or quiet: the name of a quarter-hour, from its load against the counters the hall has."""

from hallflow.domain.plan import Plan


def period(load: float, plan: Plan) -> str:
    """The period's name, from the counters' worth of work there is (erlangs) per counter of the plan."""
    share = load / max(len(plan.counters), 1)
    if share > plan.staffing.busy_above:
        return "busy"
    return "quiet" if share < plan.staffing.quiet_below else "normal"
