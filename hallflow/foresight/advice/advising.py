"""Intraday staffing recommendations by policy rollout: every action is simulated before it is recommended.

The current state, with the roster's schedule, is simulated over the advice's horizon. If a tier would miss its service level or
too many would abandon, every counter that could help is simulated with common random numbers; the most effective is
recommended, then the next in addition to it. So is a counter whose value in customers served within goal is worth its staff
time. If over a shorter horizon the goals would be met with a counter less, the least useful one is recommended to close.
`steadiness` suppresses recommendations that contradict earlier ones.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from hallflow.domain.floor import Floor
from hallflow.domain.plan import Plan
from hallflow.domain.roster.breaks import PlannedBreak
from hallflow.domain.roster.seats import Seats
from hallflow.foresight.advice.advice import Advice
from hallflow.foresight.advice.eagerness import EAGERNESS
from hallflow.foresight.advice.options import EARLIER, LEAD, MOVED, earlier_breaks, later_breaks
from hallflow.foresight.advice.steadiness import PastAdvice
from hallflow.foresight.advice.tryout import TAIL_MINUTES, Tryout
from hallflow.foresight.learning.learned import Learned, fitted
from hallflow.foresight.twin.compiled import ready
from hallflow.foresight.twin.futures import plays_for
from hallflow.foresight.twin.openings import CounterChange, Opening, changed
from hallflow.foresight.twin.rostered import as_planned
from hallflow.foresight.twin.whatif import ahead_of

BREAKS_MINUTES = 30.0
"""Minutes; breaks that begin within this time may be postponed."""


def advise(
    floor: Floor, plan: Plan, learned: Learned, now: datetime, past: Sequence[PastAdvice] = (),
    asked: Iterable[CounterChange] = (), seed: int = 0, plays: int | None = None, fast: bool | None = None,
    seats: Seats | None = None, rests: Iterable[PlannedBreak] = (),
) -> list[Advice]:  # fmt: skip
    """Recommendations at `now` (aware), the most useful first; none where the hall is closed or nothing is worth doing.

    `past` are earlier advices, which suppress contradictions. `asked` are accepted changes that have not happened yet, taken as
    done. With a roster, its `seats` open and close counters, and one of its breaks (`rests`) may be recommended to move.
    """
    learned, asked, eagerness = fitted(learned, plan), list(asked), EAGERNESS[plan.staffing.advice]
    fast = ready() if fast is None else fast

    def trial(minutes: float) -> Tryout:
        ahead = ahead_of(floor, plan, learned, now, minutes)
        played = plays or plays_for(3 * ahead.customers, fast)
        return Tryout(floor, plan, learned, eagerness, ahead, past, seed, played, fast)

    def stands(tried: Tryout) -> Opening:
        beyond = tried.ahead.end + timedelta(minutes=TAIL_MINUTES + 1)
        return changed(as_planned(floor, plan, seats, now, beyond), asked, plan)

    moved: list[Advice] = []
    soon = now + timedelta(minutes=BREAKS_MINUTES)
    rests = [rest for rest in rests if now < rest.start <= now + EARLIER + MOVED[-1]]
    if near := [rest for rest in rests if rest.start <= soon]:
        # the horizon covers the last break's end: one that is only moved out of sight would seem to cost nothing
        far = max(rest.end for rest in near) + MOVED[-1] + LEAD
        tried = trial((far - now).total_seconds() / 60)
        movable = [rest for rest in near if rest.end + MOVED[0] <= tried.ahead.end]
        opening = stands(tried)
        moved = list(tried.move(opening, later_breaks(floor, movable, opening, now, soon)))
    if rests and not moved:
        # the horizon covers all breaks where they are planned
        tried = trial((max(rest.end for rest in rests) + LEAD - now).total_seconds() / 60)
        opening = stands(tried)
        moved = list(tried.move(opening, earlier_breaks(floor, rests, opening, now)))
    asked += [change for one in moved for change in one.changes]
    for minutes, find in ((eagerness.open_horizon, Tryout.mend), (eagerness.close_horizon, Tryout.save)):
        tried = trial(minutes)
        if tried.ahead.minutes < eagerness.least_time_left:
            return moved
        advices = list(find(tried, stands(tried)))
        if advices or moved:
            return [*moved, *advices][: eagerness.most_advices]
    return []
