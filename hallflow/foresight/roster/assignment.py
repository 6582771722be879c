"""Staff assignment: a week's shifts to people, by CP-SAT where the extra `roster` is installed, else by a greedy heuristic."""

from collections.abc import Sequence

from hallflow.domain.roster.shifts import RosterRules
from hallflow.foresight.extras import ROSTER
from hallflow.foresight.roster.greedy import greedy
from hallflow.foresight.roster.week import ShiftAsked, Week

SECONDS = 20.0


def assign(
    asked: Sequence[ShiftAsked], rules: RosterRules, seconds: float = SECONDS, *, exact: bool | None = None
) -> Week:
    """Assign every shift to somebody who may work it, where possible. `seconds` limits CP-SAT; `exact` selects it (default: if
    installed).
    """
    if exact if exact is not None else ROSTER:
        from hallflow.foresight.roster.cp_sat import solve

        return solve(asked, rules, seconds)
    return greedy(asked, rules)
