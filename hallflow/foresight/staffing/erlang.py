"""Erlang formulas: stationary queues with n counters, without abandonment (Erlang C, M/M/n) and with it (Erlang A, M/M/n+M).

All sums use logarithms or recursions of positive terms, which are stable for hundreds of counters. Erlang (1917); Palm (1957)
and Garnett, Mandelbaum & Reiman (2002) for Erlang A; Jennings, Mandelbaum, Massey & Whitt (1996) for the modified offered load.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import exp, inf, log

import numpy as np

from hallflow.foresight.arrays import Floats


def erlang_b(load: float, counters: int) -> float:
    """Erlang B: blocking probability for a load in erlangs; the share of arrivals that find all counters taken when nobody waits."""
    blocking = 1.0
    for n in range(1, counters + 1):
        blocking = load * blocking / (n + load * blocking)
    return blocking


def erlang_c(load: float, counters: int) -> float:
    """Erlang C: probability of waiting for a load in erlangs, without abandonment; 1 for an unstable queue."""
    if load >= counters:
        return 1.0
    blocking = erlang_b(load, counters)
    return blocking / (1 - load / counters * (1 - blocking))


def mean_wait_c(load: float, counters: int, service_minutes: float) -> float:
    """Mean wait in minutes without abandonment, load in erlangs; infinite for an unstable queue."""
    return erlang_c(load, counters) * service_minutes / (counters - load) if load < counters else inf


def service_level_c(load: float, counters: int, service_minutes: float, goal_minutes: float) -> float:
    """Service level without abandonment: share called within `goal_minutes`; 0 for an unstable queue."""
    if load >= counters:
        return 0.0
    return 1 - erlang_c(load, counters) * exp(-(counters - load) * goal_minutes / service_minutes)


@dataclass(frozen=True)
class ErlangA:
    """Erlang A: M/M/n+M in steady state, customers with exponential patience.

    Arrivals per minute, mean service time and mean patience in minutes, all above 0.
    """

    arrivals_per_minute: float
    service_minutes: float
    patience_minutes: float
    counters: int

    @cached_property
    def _states(self) -> Floats:
        """Probabilities of k customers in the system, k = 0, 1, ..., truncated where they vanish."""
        load = self.arrivals_per_minute * self.service_minutes
        overload = max(self.arrivals_per_minute - self.counters / self.service_minutes, 0.0) * self.patience_minutes
        spread = (load + self.arrivals_per_minute * self.patience_minutes + 1) ** 0.5
        k = np.arange(1, int(self.counters + load + overload + 12 * spread) + 1)
        leaving = (
            np.minimum(k, self.counters) / self.service_minutes
            + np.maximum(k - self.counters, 0) / self.patience_minutes
        )
        weights = np.concatenate(([0.0], np.cumsum(np.log(self.arrivals_per_minute / leaving))))
        states = np.exp(weights - weights.max())
        return np.asarray(states / states.sum())

    @property
    def wait_probability(self) -> float:
        """Probability of waiting: share of arrivals that find all counters taken."""
        return float(self._states[self.counters :].sum())

    @property
    def queue(self) -> float:
        """Mean queue length."""
        waiting = self._states[self.counters :]
        return float((np.arange(len(waiting)) * waiting).sum())

    @property
    def abandoned(self) -> float:
        """Abandonment probability."""
        return self.queue / self.patience_minutes / self.arrivals_per_minute

    @property
    def wait(self) -> float:
        """Mean wait in minutes, over those called and those who abandon."""
        return self.queue / self.arrivals_per_minute

    def service_level(self, goal_minutes: float) -> float:
        """Service level by the virtual wait: share who would be called within `goal_minutes` if they stayed.

        Whoever finds j waiting is called after j + 1 departures at rates (c + i) / patience, c = n patience / service time; the
        probability that this takes longer than the goal is a negative binomial sum in j with positive terms only.
        """
        waiting = self._states[self.counters :]
        c = self.counters * self.patience_minutes / self.service_minutes
        stays = exp(-goal_minutes / self.patience_minutes)
        if stays >= 1.0:
            return 1 - self.wait_probability
        j = np.arange(1, len(waiting))
        ratio = np.concatenate(([c * log(stays)], np.log((c + j - 1) / j) + log(1 - stays)))
        later = np.minimum(np.cumsum(np.exp(np.cumsum(ratio))), 1.0)
        return float(1 - (waiting * later).sum())


def carried_load(
    expected: Sequence[float] | Floats, service_minutes: float, slot_minutes: float = 15.0, start: float = 0.0
) -> Floats:
    """Modified offered load: mean number in service in each slot if there were enough counters, in erlangs, shape (n,).

    `expected`: arrivals in each slot, shape (n,); `start`: customers in the system when the first slot begins. Work carries
    over from slot to slot (Jennings et al. 1996), which a stationary model of each slot alone (SIPP) neglects.
    """
    decay = exp(-slot_minutes / service_minutes)
    mean = service_minutes / slot_minutes * (1 - decay)
    loads, in_system = [], start
    for arrivals in expected:
        level = arrivals / slot_minutes * service_minutes
        loads.append(level + (in_system - level) * mean)
        in_system = level + (in_system - level) * decay
    return np.array(loads)
