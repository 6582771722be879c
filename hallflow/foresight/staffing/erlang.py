"""Erlang's formulas: how a stationary line behaves with n counters, without patience (C) and with it (A).

Every sum runs over logarithms or over a recursion of positive terms, so hundreds of counters are no trouble.
Erlang (1917); Palm (1957) and Garnett, Mandelbaum & Reiman (2002) for Erlang A; Jennings, Mandelbaum, Massey & Whitt (1996)
for the modified offered load.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import exp, inf, log

import numpy as np

from hallflow.foresight.arrays import Floats


def erlang_b(load: float, counters: int) -> float:
    """The share of arrivals that find all counters taken when nobody waits (load in erlangs)."""
    blocked = 1.0
    for n in range(1, counters + 1):
        blocked = load * blocked / (n + load * blocked)
    return blocked


def erlang_c(load: float, counters: int) -> float:
    """The share of arrivals that must wait when everybody waits; 1 where the load is too much (load in erlangs)."""
    if load >= counters:
        return 1.0
    blocked = erlang_b(load, counters)
    return blocked / (1 - load / counters * (1 - blocked))


def wait_c(load: float, counters: int, minutes: float) -> float:
    """Mean wait in minutes without abandonment, for this mean service time; infinite where the load is too much."""
    return erlang_c(load, counters) * minutes / (counters - load) if load < counters else inf


def within_c(load: float, counters: int, minutes: float, goal: float) -> float:
    """The share called within `goal` minutes without abandonment."""
    if load >= counters:
        return 0.0
    return 1 - erlang_c(load, counters) * exp(-(counters - load) * goal / minutes)


@dataclass(frozen=True)
class ErlangA:
    """A line with n counters whose customers lose patience: M/M/n+M in its steady state.

    per_minute: arrivals per minute; minutes: mean service; patience: mean patience, both in minutes, all above 0.
    """

    per_minute: float
    minutes: float
    patience: float
    counters: int

    @cached_property
    def _states(self) -> Floats:
        """Probability of k customers in the hall, k = 0, 1, ...; cut where nothing is left."""
        load = self.per_minute * self.minutes
        too_many = max(self.per_minute - self.counters / self.minutes, 0.0) * self.patience
        spread = (load + self.per_minute * self.patience + 1) ** 0.5
        k = np.arange(1, int(self.counters + load + too_many + 12 * spread) + 1)
        leaving = np.minimum(k, self.counters) / self.minutes + np.maximum(k - self.counters, 0) / self.patience
        weights = np.concatenate(([0.0], np.cumsum(np.log(self.per_minute / leaving))))
        states = np.exp(weights - weights.max())
        return np.asarray(states / states.sum())

    @property
    def must_wait(self) -> float:
        """The share of arrivals that find all counters taken."""
        return float(self._states[self.counters :].sum())

    @property
    def queue(self) -> float:
        """Mean number waiting."""
        waiting = self._states[self.counters :]
        return float((np.arange(len(waiting)) * waiting).sum())

    @property
    def abandoned(self) -> float:
        """The share of arrivals that give up."""
        return self.queue / self.patience / self.per_minute

    @property
    def wait(self) -> float:
        """Mean minutes waited, by those who are called and those who give up."""
        return self.queue / self.per_minute

    def within(self, goal: float) -> float:
        """The share who would be called within `goal` minutes if they stayed (the virtual wait).

        Whoever finds j waiting is called after j + 1 departures at rates (c + i) / patience, c = n patience / minutes; the
        chance that this takes longer than the goal is a negative binomial sum in j, all of whose terms are positive.
        """
        waiting = self._states[self.counters :]
        c = self.counters * self.patience / self.minutes
        stays = exp(-goal / self.patience)
        if stays >= 1.0:
            return 1 - self.must_wait
        j = np.arange(1, len(waiting))
        ratio = np.concatenate(([c * log(stays)], np.log((c + j - 1) / j) + log(1 - stays)))
        later = np.minimum(np.cumsum(np.exp(np.cumsum(ratio))), 1.0)
        return float(1 - (waiting * later).sum())


def carried_load(
    expected: Sequence[float] | Floats, minutes: float, slot_minutes: float = 15.0, start: float = 0.0
) -> Floats:
    """Modified offered load: the mean number at counters in each slot if there were enough of them, in erlangs, shape (n,).

    expected: arrivals in each slot, shape (n,); start: how many are in the hall when the first slot begins. Work that comes
    late in one slot is still there in the next, which a sum slot by slot would miss.
    """
    decay = exp(-slot_minutes / minutes)
    mean = minutes / slot_minutes * (1 - decay)
    loads, here = [], start
    for arrivals in expected:
        level = arrivals / slot_minutes * minutes
        loads.append(level + (here - level) * mean)
        here = level + (here - level) * decay
    return np.array(loads)
