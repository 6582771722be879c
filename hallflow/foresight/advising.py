"""What to do now: open, close or lend a counter, or call somebody back, each tried on the twin before it is said.

As the hall stands is played for the next forty minutes; where a tier will miss its goal or too many will leave, every counter that could
help is tried against the same chance, and the one that mends most is advised, then the next beside it. Where the goals would be
kept with one counter less, the one missed least is advised to close. Nothing is advised that `steadiness` holds back.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from hallflow.domain.events import Reason
from hallflow.domain.floor import Floor
from hallflow.domain.plan import Plan
from hallflow.foresight.compiled import ready
from hallflow.foresight.futures import Future, futures, plays_for, spread
from hallflow.foresight.learned import Learned, fitted
from hallflow.foresight.openings import Change, Opening, Stretch, as_it_stands, changed, open_minutes
from hallflow.foresight.stage import Floats
from hallflow.foresight.steadiness import Given, steady
from hallflow.foresight.whatif import Ahead, ahead_of, difference

LOOK_MINUTES = 40.0
SHORTEST_MINUTES = 20.0
TAIL_MINUTES = 45.0
LEAD = timedelta(minutes=5)
"""Somebody has to walk to a counter that is to be opened."""
AT_MOST = 3
TRIED = 6
SHORT = 0.02
"""So large a shortfall is worth a counter."""
SPARE = 0.04
"""By so much every tier's goal must still be kept, as foreseen, before a counter is advised to close."""
ENOUGH = 0.8
"""What costs nobody's time is preferred where it mends so much of what the best would."""


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to do, with what it is foreseen to do."""

    kind: str
    """`open`, `close`, `lend` (a counter also takes other services) or `back` (end a pause)."""
    counter: str
    services: tuple[str, ...]
    """What the counter is to offer from then on."""
    lent: tuple[str, ...]
    start: datetime
    end: datetime
    reason: Reason
    staff_minutes: float
    before: dict[str, Any]
    after: dict[str, Any]
    change: dict[str, Any]
    plays: int

    @property
    def key(self) -> tuple[str, str, tuple[str, ...]]:
        """What makes it the same advice as another."""
        return self.kind, self.counter, self.services


@dataclass(frozen=True, slots=True)
class _Option:
    kind: str
    counter: str
    services: tuple[str, ...]
    lent: tuple[str, ...] = ()


def advise(
    floor: Floor, plan: Plan, learned: Learned, now: datetime, past: Sequence[Given] = (),
    asked: Iterable[Change] = (), seed: int = 0, plays: int | None = None, fast: bool | None = None,
) -> list[Advice]:  # fmt: skip
    """At most three advices for this moment, the most useful first; none where the hall is closed or does well.

    `past` are the advices given before, which hold back what would contradict them; `asked` are the changes that a manager has
    accepted and that have not happened yet: they are taken as done.
    """
    learned = fitted(learned, plan)
    ahead = ahead_of(floor, plan, learned, now, LOOK_MINUTES)
    if ahead.minutes < SHORTEST_MINUTES:
        return []
    fast = ready() if fast is None else fast
    tried = _Trial(floor, plan, learned, ahead, past, seed, plays or plays_for(3 * ahead.customers, fast), fast)
    beyond = ahead.end + timedelta(minutes=TAIL_MINUTES + 1)
    stands = changed(as_it_stands(floor, plan, now, beyond), asked, plan)
    return list(tried.mend(stands)) or list(tried.save(stands))


@dataclass(slots=True)
class _Trial:
    floor: Floor
    plan: Plan
    learned: Learned
    ahead: Ahead
    past: Sequence[Given]
    seed: int
    plays: int
    fast: bool

    def mend(self, stands: Opening) -> Iterator[Advice]:
        """What to add, one after the other, until the goals are kept or nothing helps any more."""
        opening, base = stands, self._play([stands])[0]
        for _ in range(AT_MOST):
            short = shortfall(base, self.plan)
            if short <= SHORT:
                return
            found = [
                (short - shortfall(ran, self.plan), option, opened, ran)
                for option, opened, ran in self._tried(self._more(opening, base), opening, base)
            ]
            useful = [one for one in found if one[0] > SHORT / 2]
            if not useful:
                return
            best = max(useful, key=lambda one: one[0])
            free = self._held(useful, best) or [
                one for one in useful if one[1].kind == "lend" and one[0] >= ENOUGH * best[0]
            ]
            _, option, opened, ran = max(free, key=lambda one: one[0]) if free else best
            yield self._advice(option, opening, opened, base, ran)
            opening, base = opened, ran

    def save(self, stands: Opening) -> Iterator[Advice]:
        """The counters that can close, one after the other, as long as the goals are kept without them."""
        opening, base = stands, self._play([stands])[0]
        for _ in range(AT_MOST):
            if _spare(base, self.plan) < SPARE:
                return
            found = [
                (_spare(ran, self.plan), option, opened, ran)
                for option, opened, ran in self._tried(self._fewer(opening), opening, base)
            ]
            kept = [one for one in found if one[0] >= SPARE]
            if not kept:
                return
            best = max(kept, key=lambda one: one[0])
            _, option, opened, ran = next(iter(self._held(kept, best)), best)
            yield self._advice(option, opening, opened, base, ran)
            opening, base = opened, ran

    def _held(
        self, useful: Sequence[tuple[float, _Option, Opening, Future]], best: tuple[float, _Option, Opening, Future]
    ) -> list[tuple[float, _Option, Opening, Future]]:
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
        self, options: Iterable[_Option], opening: Opening, base: Future
    ) -> Iterator[tuple[_Option, Opening, Future]]:
        wait = _mean(base.of().wait)
        held = [
            option
            for option in options
            if steady(option.kind, option.counter, option.services, self.past, self.ahead.now, wait)
        ]
        opened = [changed(opening, [self._change(option)], self.plan) for option in held]
        return zip(held, opened, self._play(opened) if opened else (), strict=True)

    def _change(self, option: _Option) -> Change:
        start = self.ahead.now + (LEAD if option.kind in ("open", "back") else timedelta(0))
        return Change(option.counter, option.kind != "close", start, self.ahead.end, option.services or None)

    def _more(self, opening: Opening, base: Future) -> Iterator[_Option]:
        """Counters that could help where it is short: one of each kind of offer, those first that offer what is missed most."""
        missed = _missed(base, self.plan)
        seen: set[frozenset[str]] = set()
        closed = [c for c in self.floor.counters.values() if c.key in self.plan.counters and not opening.get(c.key)]
        useful = sorted(
            (c for c in closed if c.state != "paused"),
            key=lambda c: -sum(missed[s] for s in self.plan.counters[c.key].services),
        )
        for counter in useful:
            offer = self.plan.counters[counter.key].services
            if frozenset(offer) not in seen and len(seen) < TRIED:
                seen.add(frozenset(offer))
                yield _Option("open", counter.key, offer)
        for counter in self.floor.counters.values():
            late = counter.back_at is None or counter.back_at > self.ahead.now + 2 * LEAD
            if counter.state == "paused" and counter.clerk is not None and late and counter.reason != "closing":
                yield _Option("back", counter.key, counter.services)
        yield from self._lent(opening, missed)

    def _lent(self, opening: Opening, missed: dict[str, float]) -> Iterator[_Option]:
        worst = max(missed, key=lambda s: missed[s])
        lenders = [
            c for c in self.floor.open_counters() if worst not in c.services and opening.get(c.key) and c.key in self.plan.counters
        ]  # fmt: skip
        for counter in sorted(lenders, key=lambda c: sum(missed[s] for s in c.services))[:2]:
            yield _Option("lend", counter.key, (*counter.services, worst), (worst,))

    def _fewer(self, opening: Opening) -> Iterator[_Option]:
        """Counters whose services others offer too, those that stand free first."""
        now = self.ahead.now
        there = [c for c in self.floor.open_counters() if _covers(opening.get(c.key), now)]
        if len(there) <= max(self.plan.staffing.counters_at_least, 1):
            return
        seen: set[frozenset[str]] = set()
        for counter in sorted(there, key=lambda c: (c.ticket is not None, c.free_since or now)):
            others = {s for c in there if c.key != counter.key for s in c.services}
            offer = frozenset(counter.services)
            if offer <= others and offer not in seen and len(seen) < TRIED:
                seen.add(offer)
                yield _Option("close", counter.key, ())

    def _advice(self, option: _Option, opening: Opening, opened: Opening, base: Future, ran: Future) -> Advice:
        change, ahead = self._change(option), self.ahead
        cost = open_minutes(opened, ahead.now, ahead.end) - open_minutes(opening, ahead.now, ahead.end)
        return Advice(
            option.kind, option.counter, option.services, option.lent, change.start, change.end,
            self._reason(option, base, ran), round(cost, 1),
            told(base, base), told(ran, ran), told(base, ran, paired=True), self.plays,
        )  # fmt: skip

    def _reason(self, option: _Option, base: Future, ran: Future) -> Reason:
        before, after = base.of(), ran.of()
        figures = {
            "minutes": round(self.ahead.minutes),
            "customers": round(float(before.customers.mean())),
            "waiting": self.floor.waiting_count(),
            "before": _percent(before.within),
            "after": _percent(after.within),
            "wait": round(_mean(before.wait)),
            "waits": round(_mean(after.wait)),
        }
        if option.kind == "close":
            return Reason("advice.because_spare", figures)
        missed = _missed(base, self.plan)
        worst = max(missed, key=lambda s: missed[s])
        return Reason("advice.because_short", figures | {"service": worst, "missed": round(missed[worst])})


def _covers(stretches: Sequence[Stretch] | None, at: datetime) -> bool:
    return any(s.start <= at < s.end for s in stretches or ())


def shortfall(ran: Future, plan: Plan) -> float:
    """By how much goals are missed, by customer: the tiers' shares within their goals, and the share that leaves."""
    total = float(ran.customers.sum())
    if total <= 0:
        return 0.0
    short = 0.0
    for key, tier in plan.tiers.items():
        mine = [rank == key for _, rank in ran.lines]
        n = float(ran.customers[:, mine].sum())
        if n > 0:
            short += n / total * max(tier.goal_share - float(ran.within[:, mine].sum()) / n, 0.0)
    return short + max(float(ran.gone.sum()) / total - plan.staffing.abandoned_at_most, 0.0)


def _spare(ran: Future, plan: Plan) -> float:
    """By how much the tier that is nearest to missing its goal keeps it; less than nothing where too many leave."""
    total = float(ran.customers.sum())
    if total <= 0:
        return 1.0
    stay = plan.staffing.abandoned_at_most - float(ran.gone.sum()) / total
    room = 1.0 if stay >= 0 else stay
    for key, tier in plan.tiers.items():
        mine = [rank == key for _, rank in ran.lines]
        n = float(ran.customers[:, mine].sum())
        if n > 0:
            room = min(room, float(ran.within[:, mine].sum()) / n - tier.goal_share)
    return room


def _missed(ran: Future, plan: Plan) -> dict[str, float]:
    """Customers of each service, in a play's mean, who are not called within their goal."""
    found = dict.fromkeys(plan.services, 0.0)
    for i, (service, _) in enumerate(ran.lines):
        if service in found:
            found[service] += float((ran.customers[:, i] - ran.within[:, i]).mean())
    return found


def told(base: Future, ran: Future, *, paired: bool = False) -> dict[str, Any]:
    """Mean wait (minutes), share within goal and share that leaves as ranges; with `paired`, what `ran` changes against `base`."""
    group = difference(base.of(), ran.of()) if paired else ran.of()
    return {"wait": _range(group.wait, 2), "within_goal": _range(group.within, 4), "left": _range(group.left, 4)}


def _range(values: Floats, digits: int) -> dict[str, float]:
    low, likely, high = spread(values) or (0.0, 0.0, 0.0)
    return {"low": round(low, digits), "likely": round(likely, digits), "high": round(high, digits)}


def _mean(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else 0.0


def _percent(values: Floats) -> int:
    return round(100 * _mean(values))
