"""What to do now: open, close or lend a counter, or call somebody back, each tried on the twin before it is said.

The hall as it stands, and as its roster goes on, is played for as long as its pace looks; where a tier will miss its goal or too
many will leave, every counter that could help is tried against the same chance, and the one that mends most is advised, then the
next beside it. So is one that is worth its clerk: so many of those it can serve would else be late or leave. Where for a shorter
look the goals would be kept with one counter less, and hardly anybody would miss it, the one missed least is advised to close:
who is not needed so soon can be asked again in good time. Nothing is advised that `steadiness` holds back.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from hallflow.domain.floor import Floor
from hallflow.domain.plan import Plan
from hallflow.domain.roster.breaks import Break
from hallflow.domain.roster.seats import Seats
from hallflow.foresight.advice.advice import Advice
from hallflow.foresight.advice.eagerness import PACES
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
"""Breaks that begin within this time may be put off."""


def advise(
    floor: Floor, plan: Plan, learned: Learned, now: datetime, past: Sequence[PastAdvice] = (),
    asked: Iterable[CounterChange] = (), seed: int = 0, plays: int | None = None, fast: bool | None = None,
    seats: Seats | None = None, rests: Iterable[Break] = (),
) -> list[Advice]:  # fmt: skip
    """The advices for this moment, no more than its pace allows, the most useful first; none where the hall is closed or does well.

    `past` are the advices given before, which hold back what would contradict them; `asked` are the changes that a manager has
    accepted and that have not happened yet: they are taken as done. Where the day has a roster, its `seats` open and close
    counters without anybody's advice, and of its breaks (`rests`) one may be advised to begin later or earlier.
    """
    learned, asked, pace = fitted(learned, plan), list(asked), PACES[plan.staffing.advice]
    fast = ready() if fast is None else fast

    def trial(minutes: float) -> Tryout:
        ahead = ahead_of(floor, plan, learned, now, minutes)
        played = plays or plays_for(3 * ahead.customers, fast)
        return Tryout(floor, plan, learned, pace, ahead, past, seed, played, fast)

    def stands(tried: Tryout) -> Opening:
        beyond = tried.ahead.end + timedelta(minutes=TAIL_MINUTES + 1)
        return changed(as_planned(floor, plan, seats, now, beyond), asked, plan)

    moved: list[Advice] = []
    soon = now + timedelta(minutes=BREAKS_MINUTES)
    rests = [rest for rest in rests if now < rest.start <= now + EARLIER + MOVED[-1]]
    if near := [rest for rest in rests if rest.start <= soon]:
        # until the last of them could be over: a break that is only put out of sight spares nothing
        far = max(rest.end for rest in near) + MOVED[-1] + LEAD
        tried = trial((far - now).total_seconds() / 60)
        movable = [rest for rest in near if rest.end + MOVED[0] <= tried.ahead.end]
        opening = stands(tried)
        moved = list(tried.move(opening, later_breaks(floor, movable, opening, now, soon)))
    if rests and not moved:
        # until all would be over where they are planned
        tried = trial((max(rest.end for rest in rests) + LEAD - now).total_seconds() / 60)
        opening = stands(tried)
        moved = list(tried.move(opening, earlier_breaks(floor, rests, opening, now)))
    asked += [change for one in moved for change in one.changes]
    for minutes, found_by in ((pace.look, Tryout.mend), (pace.soon, Tryout.save)):
        tried = trial(minutes)
        if tried.ahead.minutes < pace.shortest:
            return moved
        found = list(found_by(tried, stands(tried)))
        if found or moved:
            return [*moved, *found][: pace.at_once]
    return []
