"""The twin: the hall played forward many times from this instant, under its own routing.

All plays advance together, each by its own next decision: a counter becomes free and calls, or somebody arrives while a counter
that could serve them stands idle. The decision is that of `domain/routing.py`: whoever is past the guard or at the bound, the
longest first, then the plan's policy. Two kinds of customers take no capacity: *observers*, one for each kind of next
arrival, whose wait is when they would be called if they took a number now; and those who have given up, who keep their place
until their turn, so that a ticket's wait is told for the case that its holder stays.
(Whitt 1999; Thiongane, Chan & L'Ecuyer 2020.)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import log1p

import numpy as np

from hallflow.domain.floor import Floor
from hallflow.domain.plan import Plan
from hallflow.foresight.arrays import Floats, Singles
from hallflow.foresight.arrivals import Coming, coming, forecast, until_minutes
from hallflow.foresight.learning.learned import Learned, fitted
from hallflow.foresight.twin.chance import NEVER
from hallflow.foresight.twin.compiled import ready
from hallflow.foresight.twin.plays import Plays
from hallflow.foresight.twin.stage import Shifts, Stage, set_stage

PLAYS = 1000
HORIZON_MINUTES = 240.0
FEWEST = 200
CUSTOMERS = 80_000
"""So many customers numpy plays in about half a second."""
CELLS = 1_000_000
"""Customers times plays on one stage: about 60 MB."""


@dataclass(frozen=True, slots=True)
class Played:
    """What the plays showed; minutes from now, the horizon where it was not yet so by then."""

    horizon_minutes: float
    tickets: Mapping[str, Floats]
    """By number: minutes until called if its holder stays, shape (plays,). Numbers nobody can call are not in it."""
    left: Mapping[str, float]
    """By number: the share of plays in which its holder gives up before."""
    nexts: Mapping[tuple[str, str], Floats]
    """By (service, tier): minutes until the next arrival would be called, shape (plays,)."""
    unserved: frozenset[str]
    """Services for which no counter is open or coming back."""
    since: Singles
    """(plays, arrivals): when those to come arrive, of a whole play; NEVER where nobody does."""
    called: Singles
    """(plays, arrivals): when they are called; NEVER where they are not before the play ends."""
    leaves: Singles
    """(plays, arrivals): when their patience ends; they are gone if this comes before `called`."""


def play(
    floor: Floor,
    plan: Plan,
    learned: Learned,
    now: datetime,
    rng: np.random.Generator,
    plays: int = PLAYS,
    arrivals: Coming | None = None,
    horizon_minutes: float = HORIZON_MINUTES,
    whole: bool = False,
    shifts: Shifts | None = None,
    fast: bool | None = None,
) -> Played:
    """Play the hall forward until everybody present and every next arrival has been called, or to the horizon.

    `arrivals` defaults to the day's forecast, corrected by what has come today; `whole` plays on to the horizon whoever
    waits; `shifts` are the counters' planned openings, breaks and closings; `fast` takes the compiled kernel (by default
    where it is ready), with the same answers. Equal generators meet the same customers, so two halls can be compared play by play. The ratio policy is
    played with its streak of calls, but its observers take no part in the streak.
    """
    learned = fitted(learned, plan)
    if arrivals is None:
        day = forecast(plan, learned, floor.day, now, floor.tally.arrivals)
        arrivals = coming(learned, day, now, horizon_minutes)
    fast = ready() if fast is None else fast
    until = horizon_minutes if whole else min(_clears(floor, plan, learned), horizon_minutes)
    while True:
        played = _chunks(
            floor, plan, learned, now, rng, plays, until_minutes(arrivals, until), until, whole, shifts, fast
        )
        if until >= horizon_minutes or _told(played):
            return replace(played, horizon_minutes=horizon_minutes)
        until = min(2 * until, horizon_minutes)


def affordable(floor: Floor, fast: bool) -> int:
    """How many plays a refresh of this hall takes within about a second: all of them, but in a full hall without numba.

    200 plays leave a range's ends about a tenth of its width uncertain, 1,000 a twentieth.
    """
    here = floor.waiting_count() + len(floor.counters)
    return PLAYS if fast else min(PLAYS, max(FEWEST, CUSTOMERS // max(here, 1)))


def _clears(floor: Floor, plan: Plan, learned: Learned) -> float:
    """Minutes by which all who are here will most likely have been called: no later arrivals need to be drawn.

    Once past the guard nobody is overtaken, so that the wait is the guard's or that of draining what is here, some leaving.
    """
    guard = max(tier.guard_minutes for tier in plan.tiers.values())
    each = {key: learned.occupied_minutes(key) for key in plan.services}
    work = {key: floor.waiting_count([key]) * minutes for key, minutes in each.items()}
    desks = {key: floor.open_count(key) for key in plan.services}
    most = max((work[key] / n for key, n in desks.items() if n), default=0.0)
    drain = learned.patience_minutes * log1p(most / learned.patience_minutes)
    return guard + 5 + 1.25 * drain + 2.5 * max(each.values())


def _told(played: Played) -> bool:
    """Whether hardly any play was cut short before somebody's turn: no range depends on its longest hundredth."""
    waits = [*played.tickets.values(), *played.nexts.values()]
    return all((each >= played.horizon_minutes).mean() <= 0.01 for each in waits)


def _chunks(
    floor: Floor, plan: Plan, learned: Learned, now: datetime, rng: np.random.Generator, plays: int,
    arrivals: Coming, horizon: float, whole: bool, shifts: Shifts | None, fast: bool,
) -> Played:  # fmt: skip
    """So many plays, no more of them at once than memory should hold."""
    parts, left = [], plays
    while left > 0:
        some = min(left, _at_once(floor, arrivals))
        stage = set_stage(floor, plan, learned, now, rng, some, arrivals, shifts)
        parts.append(_played(stage, horizon, whole, fast))
        left -= some
    return parts[0] if len(parts) == 1 else _joined(parts)


def _at_once(floor: Floor, arrivals: Coming) -> int:
    """As many plays as keep the stage within bounds of memory, however many wait; the same for every set of counters."""
    customers = floor.waiting_count() + sum(float(counts.sum()) for counts in arrivals.counts.values())
    return max(int(CELLS / (customers + 1)), 50)


def _played(stage: Stage, horizon: float, whole: bool, fast: bool) -> Played:
    called, observed = calls_of(stage, horizon, whole, fast)
    slots = list(stage.numbers.values())
    calls = np.minimum(called[:, slots], horizon)
    gave_up = (stage.leaves[:, slots] < calls).mean(axis=0) if slots else np.zeros(0)
    waits = np.minimum(observed, horizon)
    to_come = ~stage.present & whole
    to_come[[*(stage.first[1:] - 1), -1]] = False
    return Played(
        horizon_minutes=horizon,
        tickets={number: calls[:, i] for i, number in enumerate(stage.numbers)},
        left={number: float(gave_up[i]) for i, number in enumerate(stage.numbers)},
        nexts={kind: waits[:, column] for kind, column in stage.observers.items()},
        unserved=stage.unserved,
        since=stage.since[:, to_come].astype(np.float32),
        called=called[:, to_come].astype(np.float32),
        leaves=stage.leaves[:, to_come].astype(np.float32),
    )


def calls_of(stage: Stage, horizon: float, whole: bool, fast: bool) -> tuple[Floats, Floats]:
    """When everybody on a stage is called, (P, N), and every observer, (P, K); NEVER where not before the horizon."""
    if fast:
        from hallflow.foresight.twin import kernel

        return kernel.run(stage, horizon, whole)
    state = Plays(stage, horizon, whole)
    state.run()
    state.calls[state.calls >= horizon] = NEVER
    return state.calls, state.observed


def _joined(parts: Sequence[Played]) -> Played:
    """Plays of several stages as one; those in which fewer arrive are filled up with nobody."""
    first, sizes = parts[0], [len(part.since) for part in parts]
    widest = max(part.since.shape[1] for part in parts)

    def whole(name: str) -> Singles:
        blocks = [getattr(part, name) for part in parts]
        wide = [np.pad(b, ((0, 0), (0, widest - b.shape[1])), constant_values=NEVER) for b in blocks]
        return np.concatenate(wide)

    return Played(
        horizon_minutes=first.horizon_minutes,
        tickets={number: np.concatenate([part.tickets[number] for part in parts]) for number in first.tickets},
        left={n: float(np.average([part.left[n] for part in parts], weights=sizes)) for n in first.left},
        nexts={kind: np.concatenate([part.nexts[kind] for part in parts]) for kind in first.nexts},
        unserved=first.unserved,
        since=whole("since"),
        called=whole("called"),
        leaves=whole("leaves"),
    )


__all__ = ["HORIZON_MINUTES", "NEVER", "PLAYS", "Played", "affordable", "calls_of", "play"]
