"""The twin: the hall played forward many times from this instant, under its own routing.

All plays advance together, each by its own next decision: a counter becomes free and calls, or somebody arrives while a counter
that could serve them stands idle. The decision is that of `domain/routing.py`: whoever is past the guard or at the bound, the
longest first, then the plan's policy. Two kinds of customers take no capacity: *observers*, one for each kind of next
arrival, whose wait is when they would be called if they took a number now; and those who have given up, who keep their place
until their turn, so that a ticket's wait is told for the case that its holder stays.
(Whitt 1999; Thiongane, Chan & L'Ecuyer 2020.)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from hallflow.domain.floor import Floor
from hallflow.domain.plan import Plan
from hallflow.foresight.arrivals import Coming, coming, forecast
from hallflow.foresight.learned import Learned, fitted
from hallflow.foresight.plays import Plays
from hallflow.foresight.stage import NEVER, Floats, Singles, set_stage

PLAYS = 1000
HORIZON_MINUTES = 240.0


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
) -> Played:
    """Play the hall forward until everybody present and every next arrival has been called, or to the horizon.

    `arrivals` defaults to the day's forecast, corrected by what has come today; `whole` plays on to the horizon whoever
    waits. The ratio policy is played with its streak of calls, but its observers take no part in the streak.
    """
    learned = fitted(learned, plan)
    if arrivals is None:
        day = forecast(plan, learned, floor.day, now, floor.tally.arrivals)
        arrivals = coming(learned, day, now, horizon_minutes)
    stage = set_stage(floor, plan, learned, now, rng, plays, arrivals)
    state = Plays(stage, horizon_minutes, whole)
    state.run()
    slots = list(stage.numbers.values())
    calls = np.minimum(state.calls[:, slots], horizon_minutes)
    gave_up = (stage.leaves[:, slots] < calls).mean(axis=0) if slots else np.zeros(0)
    waits = np.minimum(state.observed, horizon_minutes)
    to_come = ~stage.present & whole
    to_come[[*(stage.first[1:] - 1), -1]] = False
    return Played(
        horizon_minutes=horizon_minutes,
        tickets={number: calls[:, i] for i, number in enumerate(stage.numbers)},
        left={number: float(gave_up[i]) for i, number in enumerate(stage.numbers)},
        nexts={kind: waits[:, column] for kind, column in stage.observers.items()},
        unserved=stage.unserved,
        since=stage.since[:, to_come].astype(np.float32),
        called=state.calls[:, to_come].astype(np.float32),
        leaves=stage.leaves[:, to_come].astype(np.float32),
    )


__all__ = ["HORIZON_MINUTES", "NEVER", "PLAYS", "Played", "play"]
