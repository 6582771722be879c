"""Simulation from the present state: the hall's next hours in many replications, under its own scheduling policy.

All replications advance together, each by its own next event: a counter becomes free and calls, or a customer arrives while a
counter that could serve them is idle. Decisions follow `domain/routing.py`: customers past the maximum wait or at the
overtaking bound first, the longest wait before others, then the plan's policy. Two kinds of customers take no capacity:
*observers*, virtual customers whose call time is the predicted wait of the next arrival, one for each service and tier; and
customers who have abandoned, who keep their place until their turn, so that a ticket's wait is conditional on its holder's
staying. (State-dependent wait prediction: Whitt 1999; Thiongane, Chan & L'Ecuyer 2020.)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import log1p

import numpy as np

from hallflow.domain.floor import Floor
from hallflow.domain.plan import Plan
from hallflow.foresight.arrays import Floats, Singles
from hallflow.foresight.arrivals import ArrivalRates, arrival_rates, forecast, until_minutes
from hallflow.foresight.learning.learned import Learned, fitted
from hallflow.foresight.twin.chance import NEVER
from hallflow.foresight.twin.compiled import ready
from hallflow.foresight.twin.plays import Plays
from hallflow.foresight.twin.stage import Shifts, Stage, set_stage

PLAYS = 1000
HORIZON_MINUTES = 240.0
FEWEST = 200
CUSTOMERS = 80_000
"""Customers x replications that numpy simulates in about half a second."""
CELLS = 1_000_000
"""Customers x replications on one stage: about 60 MB."""


@dataclass(frozen=True, slots=True)
class Played:
    """Results of the replications; minutes from now, the horizon where an event did not happen by then."""

    horizon_minutes: float
    tickets: Mapping[str, Floats]
    """Ticket number -> minutes until called if its holder stays, shape (plays,). Tickets that nobody can call are missing."""
    abandoned: Mapping[str, float]
    """Ticket number -> share of replications in which its holder abandons first."""
    nexts: Mapping[tuple[str, str], Floats]
    """(service, tier) -> minutes until the next arrival would be called, shape (plays,)."""
    unserved: frozenset[str]
    """Services for which no counter is open or will return."""
    since: Singles
    """(plays, arrivals): arrival times of future customers, if `whole`; NEVER for none."""
    called: Singles
    """(plays, arrivals): call times; NEVER where not before the horizon."""
    leaves: Singles
    """(plays, arrivals): when their patience ends; they abandon if this is before `called`."""


def play(
    floor: Floor,
    plan: Plan,
    learned: Learned,
    now: datetime,
    rng: np.random.Generator,
    plays: int = PLAYS,
    arrivals: ArrivalRates | None = None,
    horizon_minutes: float = HORIZON_MINUTES,
    whole: bool = False,
    shifts: Shifts | None = None,
    fast: bool | None = None,
) -> Played:
    """Simulate until everybody present and every next arrival has been called, or to the horizon.

    `arrivals` defaults to the day's forecast, updated by today's arrivals. `whole` simulates to the horizon in any case.
    `shifts` are the counters' planned openings; `fast` selects the compiled kernel (by default once it is compiled), with the
    same results. Equal generators give common random numbers. The ratio policy is simulated with its streak of calls; observers
    take no part in it.
    """
    learned = fitted(learned, plan)
    if arrivals is None:
        day = forecast(plan, learned, floor.day, now, floor.tally.arrivals)
        arrivals = arrival_rates(learned, day, now, horizon_minutes)
    fast = ready() if fast is None else fast
    until = horizon_minutes if whole else min(_drain_minutes(floor, plan, learned), horizon_minutes)
    while True:
        played = _chunks(
            floor, plan, learned, now, rng, plays, until_minutes(arrivals, until), until, whole, shifts, fast
        )
        if until >= horizon_minutes or _complete(played):
            return replace(played, horizon_minutes=horizon_minutes)
        until = min(2 * until, horizon_minutes)


def affordable(floor: Floor, fast: bool) -> int:
    """Number of replications that a refresh of this hall's predictions takes within about a second.

    200 replications leave the interval's ends uncertain by about a tenth of its width, 1,000 by a twentieth.
    """
    here = floor.waiting_count() + len(floor.counters)
    return PLAYS if fast else min(PLAYS, max(FEWEST, CUSTOMERS // max(here, 1)))


def _drain_minutes(floor: Floor, plan: Plan, learned: Learned) -> float:
    """Minutes by which everybody present will most likely have been called; later arrivals need not be drawn.

    Past the maximum wait nobody is overtaken, so this is the maximum wait or the time to serve those present, less abandonment.
    """
    guard = max(tier.guard_minutes for tier in plan.tiers.values())
    each = {key: learned.occupied_minutes(key) for key in plan.services}
    work = {key: floor.waiting_count([key]) * minutes for key, minutes in each.items()}
    counters = {key: floor.open_count(key) for key in plan.services}
    most = max((work[key] / n for key, n in counters.items() if n), default=0.0)
    drain = learned.patience_minutes * log1p(most / learned.patience_minutes)
    return guard + 5 + 1.25 * drain + 2.5 * max(each.values())


def _complete(played: Played) -> bool:
    """Whether at most 1 % of the replications end before each customer's call; no reported quantile depends on these."""
    waits = [*played.tickets.values(), *played.nexts.values()]
    return all((each >= played.horizon_minutes).mean() <= 0.01 for each in waits)


def _chunks(
    floor: Floor, plan: Plan, learned: Learned, now: datetime, rng: np.random.Generator, plays: int,
    arrivals: ArrivalRates, horizon: float, whole: bool, shifts: Shifts | None, fast: bool,
) -> Played:  # fmt: skip
    """Run the replications in parts that fit into memory."""
    parts, remaining = [], plays
    while remaining > 0:
        some = min(remaining, _at_once(floor, arrivals))
        stage = set_stage(floor, plan, learned, now, rng, some, arrivals, shifts)
        parts.append(_played(stage, horizon, whole, fast))
        remaining -= some
    return parts[0] if len(parts) == 1 else _joined(parts)


def _at_once(floor: Floor, arrivals: ArrivalRates) -> int:
    """Replications per part; it does not depend on the counters, so that scenarios share their random numbers."""
    customers = floor.waiting_count() + sum(float(counts.sum()) for counts in arrivals.counts.values())
    return max(int(CELLS / (customers + 1)), 50)


def _played(stage: Stage, horizon: float, whole: bool, fast: bool) -> Played:
    called, observed = calls_of(stage, horizon, whole, fast)
    slots = list(stage.numbers.values())
    calls = np.minimum(called[:, slots], horizon)
    abandoned = (stage.leaves[:, slots] < calls).mean(axis=0) if slots else np.zeros(0)
    waits = np.minimum(observed, horizon)
    to_come = ~stage.present & whole
    to_come[[*(stage.first[1:] - 1), -1]] = False
    return Played(
        horizon_minutes=horizon,
        tickets={number: calls[:, i] for i, number in enumerate(stage.numbers)},
        abandoned={number: float(abandoned[i]) for i, number in enumerate(stage.numbers)},
        nexts={kind: waits[:, column] for kind, column in stage.observers.items()},
        unserved=stage.unserved,
        since=stage.since[:, to_come].astype(np.float32),
        called=called[:, to_come].astype(np.float32),
        leaves=stage.leaves[:, to_come].astype(np.float32),
    )


def calls_of(stage: Stage, horizon: float, whole: bool, fast: bool) -> tuple[Floats, Floats]:
    """Call times of all customers, (P, N), and of every virtual customer, (P, K), in minutes; NEVER where not before the horizon."""
    if fast:
        from hallflow.foresight.twin import kernel

        return kernel.run(stage, horizon, whole)
    state = Plays(stage, horizon, whole)
    state.run()
    state.calls[state.calls >= horizon] = NEVER
    return state.calls, state.observed


def _joined(parts: Sequence[Played]) -> Played:
    """The replications of several parts as one; where a part has fewer arrivals, the rest is filled with NEVER."""
    first, sizes = parts[0], [len(part.since) for part in parts]
    widest = max(part.since.shape[1] for part in parts)

    def whole(name: str) -> Singles:
        blocks = [getattr(part, name) for part in parts]
        wide = [np.pad(b, ((0, 0), (0, widest - b.shape[1])), constant_values=NEVER) for b in blocks]
        return np.concatenate(wide)

    return Played(
        horizon_minutes=first.horizon_minutes,
        tickets={number: np.concatenate([part.tickets[number] for part in parts]) for number in first.tickets},
        abandoned={n: float(np.average([part.abandoned[n] for part in parts], weights=sizes)) for n in first.abandoned},
        nexts={kind: np.concatenate([part.nexts[kind] for part in parts]) for kind in first.nexts},
        unserved=first.unserved,
        since=whole("since"),
        called=whole("called"),
        leaves=whole("leaves"),
    )


__all__ = ["HORIZON_MINUTES", "NEVER", "PLAYS", "Played", "affordable", "calls_of", "play"]
