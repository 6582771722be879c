"""What could be done at a moment, tried on the twin against the same chance: what mends, what is worth its clerk, what can be spared."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from hallflow.domain.events import Reason
from hallflow.domain.floor import Floor
from hallflow.domain.plan import Plan
from hallflow.foresight.advice.advice import Advice
from hallflow.foresight.advice.eagerness import Pace
from hallflow.foresight.advice.options import Option, fewer, more
from hallflow.foresight.advice.steadiness import PastAdvice, steady
from hallflow.foresight.advice.worth import mean_of, missed, percent, shortfall, spare, told, worth
from hallflow.foresight.learning.learned import Learned
from hallflow.foresight.twin.futures import Future, futures
from hallflow.foresight.twin.openings import CounterChange, Opening, changed, open_minutes
from hallflow.foresight.twin.whatif import Ahead

TAIL_MINUTES = 45.0
"""So long after the stretch those who came in it are still called."""
SHORT = 0.02
"""So large a shortfall is worth a counter."""
SPARE = 0.04
"""By so much every tier's goal must still be kept, as foreseen, before a counter is advised to close."""
ENOUGH = 0.8
"""What costs nobody's time, or only has a clerk come earlier, is preferred where it mends so much of what the best would."""


@dataclass(slots=True)
class Tryout:
    """A stretch of the day as it stands, on which what could be done is tried."""

    floor: Floor
    plan: Plan
    learned: Learned
    pace: Pace
    ahead: Ahead
    past: Sequence[PastAdvice]
    seed: int
    plays: int
    fast: bool

    def mend(self, stands: Opening) -> Iterator[Advice]:
        """What to add, one after the other, until the goals are kept or nothing helps any more."""
        opening, base = stands, self._play([stands])[0]
        for _ in range(self.pace.at_once):
            short = shortfall(base, self.plan)
            tried = list(self._tried(self._more(opening, base), opening, base))
            useful = []
            if short > SHORT:
                mended = [(short - shortfall(ran, self.plan), option, opened, ran) for option, opened, ran in tried]
                useful = [one for one in mended if one[0] > SHORT / 2]
            if not useful:
                each = self._each()
                for option, opened, ran in tried:
                    brought = worth(base, ran, self._cost(opening, opened), each)
                    useful += [(brought, option, opened, ran)] if brought >= self.pace.worth else []
            if not useful:
                return
            best = max(useful, key=lambda one: one[0])
            near = [one for one in useful if one[0] >= ENOUGH * best[0]]
            said = self._held(useful, best)
            cheap = [one for one in said or near if _is_cheap(one[1])]
            _, option, opened, ran = max(cheap or said or [best], key=lambda one: one[0])
            yield self._advice(option, opening, opened, base, ran)
            opening, base = opened, ran

    def move(self, stands: Opening, options: Iterable[Option]) -> Iterator[Advice]:
        """The break whose moving mends most, where a goal is missed; it costs nobody's time."""
        if not (options := list(options)):
            return
        [base] = self._play([stands])
        short = shortfall(base, self.plan)
        if short <= SHORT:
            return
        mended = [
            (short - shortfall(ran, self.plan), option, opened, ran)
            for option, opened, ran in self._tried(options, stands, base)
        ]
        if useful := [one for one in mended if one[0] > SHORT / 2]:
            best = max(useful, key=lambda one: one[0])
            _, option, opened, ran = next(iter(self._held(useful, best)), best)
            yield self._advice(option, stands, opened, base, ran)

    def save(self, stands: Opening) -> Iterator[Advice]:
        """The counters that can close, one after the other, as long as the goals are kept without them."""
        opening, base = stands, self._play([stands])[0]
        for _ in range(self.pace.at_once):
            if spare(base, self.plan) < SPARE:
                return
            found = [
                (spare(ran, self.plan), option, opened, ran)
                for option, opened, ran in self._tried(
                    fewer(self.floor, self.plan, opening, self.ahead.now, self.ahead.end), opening, base
                )
            ]
            kept = [
                one
                for one in found
                if one[0] >= SPARE and worth(one[3], base, self._cost(one[2], opening), self._each()) < self.pace.little
            ]
            if not kept:
                return
            best = max(kept, key=lambda one: one[0])
            _, option, opened, ran = next(iter(self._held(kept, best)), best)
            yield self._advice(option, opening, opened, base, ran)
            opening, base = opened, ran

    def _cost(self, closed: Opening, opened: Opening) -> float:
        """Staff-minutes more within the look."""
        now, end = self.ahead.now, self.ahead.end
        return open_minutes(opened, now, end) - open_minutes(closed, now, end)

    def _each(self) -> float:
        """Counter-minutes of a mean customer of those who come."""
        coming = dict.fromkeys(self.plan.services, 0.0)
        for (service, _), counts in self.ahead.arrivals.counts.items():
            coming[service] += float(counts.sum())
        total = sum(coming.values())
        return sum(n * self.learned.occupied_minutes(key) for key, n in coming.items()) / total if total > 0 else 0.0

    def _held(
        self, useful: Sequence[tuple[float, Option, Opening, Future]], best: tuple[float, Option, Opening, Future]
    ) -> list[tuple[float, Option, Opening, Future]]:
        """What is proposed already is proposed on where it mends nearly as much as the best: a manager is thinking about it."""
        said = {(one.kind, one.counter, one.services) for one in self.past if one.state == "proposed"}
        return [
            one
            for one in useful
            if (one[1].kind, one[1].counter, one[1].services) in said and one[0] >= ENOUGH * best[0]
        ]

    def _play(self, openings: Sequence[Opening]) -> list[Future]:
        ahead = self.ahead
        return futures(
            self.floor, self.plan, self.learned, ahead.now, openings, ahead.arrivals, ahead.minutes, TAIL_MINUTES,
            self.seed, self.plays, self.fast,
        )  # fmt: skip

    def _tried(
        self, options: Iterable[Option], opening: Opening, base: Future
    ) -> Iterator[tuple[Option, Opening, Future]]:
        wait = mean_of(base.of().wait)
        held = [
            option
            for option in options
            if steady(option.kind, option.counter, option.services, self.past, self.ahead.now, wait)
        ]
        opened = [changed(opening, self._changes(option), self.plan) for option in held]
        return zip(held, opened, self._play(opened) if opened else (), strict=True)

    def _more(self, opening: Opening, base: Future) -> Iterator[Option]:
        return more(self.floor, self.plan, opening, missed(base, self.plan), self.ahead.now, self.ahead.end)

    def _changes(self, option: Option) -> list[CounterChange]:
        if option.rest is None:
            return [self._change(option)]
        rest, later = option.rest, option.later
        return [
            CounterChange(rest.counter, True, rest.start, rest.end, option.services),
            CounterChange(rest.counter, False, rest.start + later, rest.end + later),
        ]

    def _change(self, option: Option) -> CounterChange:
        start = self.ahead.now + timedelta(minutes=self.pace.lead if option.kind in ("open", "back") else 0)
        return CounterChange(
            option.counter, option.kind != "close", start, option.until or self.ahead.end, option.services or None
        )

    def _advice(self, option: Option, opening: Opening, opened: Opening, base: Future, ran: Future) -> Advice:
        changes = self._changes(option)
        start, end = min(one.start for one in changes), max(one.end for one in changes)
        return Advice(
            option.kind, option.counter, option.services, option.lent, start, end, self._reason(option, base, ran),
            round(self._cost(opening, opened), 1),
            told(base, base), told(ran, ran), told(base, ran, paired=True), self.plays, option.until is not None,
            option.rest, option.later, tuple(changes),
        )  # fmt: skip

    def _reason(self, option: Option, base: Future, ran: Future) -> Reason:
        before, after = base.of(), ran.of()
        figures = {
            "minutes": round(self.ahead.minutes),
            "customers": round(float(before.customers.mean())),
            "waiting": self.floor.waiting_count(),
            "before": percent(before.within_goal),
            "after": percent(after.within_goal),
            "wait": round(mean_of(before.wait)),
            "waits": round(mean_of(after.wait)),
        }
        if option.kind == "close":
            return Reason("advice.because_spare", figures)
        misses = missed(base, self.plan)
        worst = max(misses, key=lambda s: misses[s])
        return Reason("advice.because_short", figures | {"service": worst, "missed": round(misses[worst])})


def _is_cheap(option: Option) -> bool:
    return option.kind == "lend" or option.until is not None
