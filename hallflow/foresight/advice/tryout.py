"""Policy rollout: candidate actions simulated with common random numbers, to find those that mend a shortfall, pay off, or save
a clerk.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from hallflow.domain.events import Reason
from hallflow.domain.floor import Floor
from hallflow.domain.plan import Plan
from hallflow.foresight.advice.advice import Advice
from hallflow.foresight.advice.eagerness import Eagerness
from hallflow.foresight.advice.options import Option, fewer, more
from hallflow.foresight.advice.steadiness import PastAdvice, steady
from hallflow.foresight.advice.worth import effect_data, mean_of, missed, percent, shortfall, spare, worth
from hallflow.foresight.learning.learned import Learned
from hallflow.foresight.twin.futures import Future, futures
from hallflow.foresight.twin.openings import CounterChange, Opening, changed, open_minutes
from hallflow.foresight.twin.whatif import Ahead

TAIL_MINUTES = 45.0
"""Minutes after the span in which its customers are still called."""
SHORT = 0.02
"""Shortfall of the service levels from which counters are added."""
SPARE = 0.04
"""Margin above every tier's service level that closing a counter must leave."""
ENOUGH = 0.8
"""An action without extra staff time, or with a clerk merely arriving earlier, is preferred if it has this share of the best
one's effect.
"""


@dataclass(slots=True)
class Tryout:
    """A span of the day in which candidate actions are simulated."""

    floor: Floor
    plan: Plan
    learned: Learned
    eagerness: Eagerness
    ahead: Ahead
    past: Sequence[PastAdvice]
    seed: int
    plays: int
    fast: bool

    def mend(self, stands: Opening) -> Iterator[Advice]:
        """Actions to add, one after another, until the service levels are met or nothing helps."""
        opening, base = stands, self._play([stands])[0]
        for _ in range(self.eagerness.most_advices):
            short = shortfall(base, self.plan)
            tried = list(self._tried(self._more(opening, base), opening, base))
            useful = []
            if short > SHORT:
                mended = [
                    (short - shortfall(outcome, self.plan), option, opened, outcome)
                    for option, opened, outcome in tried
                ]
                useful = [one for one in mended if one[0] > SHORT / 2]
            if not useful:
                each = self._each()
                for option, opened, outcome in tried:
                    value = worth(base, outcome, self._cost(opening, opened), each)
                    useful += [(value, option, opened, outcome)] if value >= self.eagerness.opens_from else []
            if not useful:
                return
            best = max(useful, key=lambda one: one[0])
            near = [one for one in useful if one[0] >= ENOUGH * best[0]]
            proposed = self._proposed(useful, best)
            cheap = [one for one in proposed or near if _is_cheap(one[1])]
            _, option, opened, outcome = max(cheap or proposed or [best], key=lambda one: one[0])
            yield self._advice(option, opening, opened, base, outcome)
            opening, base = opened, outcome

    def move(self, stands: Opening, options: Iterable[Option]) -> Iterator[Advice]:
        """The break whose moving reduces a shortfall most; it costs no staff time."""
        if not (options := list(options)):
            return
        [base] = self._play([stands])
        short = shortfall(base, self.plan)
        if short <= SHORT:
            return
        mended = [
            (short - shortfall(outcome, self.plan), option, opened, outcome)
            for option, opened, outcome in self._tried(options, stands, base)
        ]
        if useful := [one for one in mended if one[0] > SHORT / 2]:
            best = max(useful, key=lambda one: one[0])
            _, option, opened, outcome = next(iter(self._proposed(useful, best)), best)
            yield self._advice(option, stands, opened, base, outcome)

    def save(self, stands: Opening) -> Iterator[Advice]:
        """Counters to close, one after another, while the service levels are met without them."""
        opening, base = stands, self._play([stands])[0]
        for _ in range(self.eagerness.most_advices):
            if spare(base, self.plan) < SPARE:
                return
            tried = [
                (spare(outcome, self.plan), option, opened, outcome)
                for option, opened, outcome in self._tried(
                    fewer(self.floor, self.plan, opening, self.ahead.now, self.ahead.end), opening, base
                )
            ]
            closable = [
                one
                for one in tried
                if one[0] >= SPARE
                and worth(one[3], base, self._cost(one[2], opening), self._each()) < self.eagerness.closes_below
            ]
            if not closable:
                return
            best = max(closable, key=lambda one: one[0])
            _, option, opened, outcome = next(iter(self._proposed(closable, best)), best)
            yield self._advice(option, opening, opened, base, outcome)
            opening, base = opened, outcome

    def _cost(self, closed: Opening, opened: Opening) -> float:
        """Additional staff-minutes within the span."""
        now, end = self.ahead.now, self.ahead.end
        return open_minutes(opened, now, end) - open_minutes(closed, now, end)

    def _each(self) -> float:
        """Mean counter-minutes of an arriving customer."""
        coming = dict.fromkeys(self.plan.services, 0.0)
        for (service, _), counts in self.ahead.arrivals.counts.items():
            coming[service] += float(counts.sum())
        total = sum(coming.values())
        return sum(n * self.learned.occupied_minutes(key) for key, n in coming.items()) / total if total > 0 else 0.0

    def _proposed(
        self, useful: Sequence[tuple[float, Option, Opening, Future]], best: tuple[float, Option, Opening, Future]
    ) -> list[tuple[float, Option, Opening, Future]]:
        """Actions already proposed and still nearly as good as the best: repeated, since a manager is considering them."""
        proposed = {(one.kind, one.counter, one.services) for one in self.past if one.state == "proposed"}
        return [
            one
            for one in useful
            if (one[1].kind, one[1].counter, one[1].services) in proposed and one[0] >= ENOUGH * best[0]
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
        steady_options = [
            option
            for option in options
            if steady(option.kind, option.counter, option.services, self.past, self.ahead.now, wait)
        ]
        opened = [changed(opening, self._changes(option), self.plan) for option in steady_options]
        return zip(steady_options, opened, self._play(opened) if opened else (), strict=True)

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
        start = self.ahead.now + timedelta(
            minutes=self.eagerness.lead_minutes if option.kind in ("open", "back") else 0
        )
        return CounterChange(
            option.counter, option.kind != "close", start, option.until or self.ahead.end, option.services or None
        )

    def _advice(self, option: Option, opening: Opening, opened: Opening, base: Future, outcome: Future) -> Advice:
        changes = self._changes(option)
        start, end = min(one.start for one in changes), max(one.end for one in changes)
        return Advice(
            option.kind, option.counter, option.services, option.lent, start, end, self._reason(option, base, outcome),
            round(self._cost(opening, opened), 1),
            effect_data(base, base), effect_data(outcome, outcome), effect_data(base, outcome, paired=True), self.plays, option.until is not None,
            option.rest, option.later, tuple(changes),
        )  # fmt: skip

    def _reason(self, option: Option, base: Future, outcome: Future) -> Reason:
        before, after = base.of(), outcome.of()
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
