"""The arrays that the compiled simulation works on: a stage in the types that the kernel is compiled for."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hallflow.foresight.arrays import Bools, Floats, Ints, Singles
from hallflow.foresight.twin.ranks import POLICIES, ranks
from hallflow.foresight.twin.stage import Stage


class Inputs(NamedTuple):
    """What is constant over all replications; shapes as in `Stage`."""

    since: Floats
    leaves: Singles
    service_minutes: Singles
    starts: Floats
    first: Ints
    overtaken: Ints
    present: Bools
    service: Ints
    serves: Bools
    reach: Ints
    """(C, L + K): the lines that each counter may call from, real ones first; padded with zeros."""
    fronts: Ints
    """(C): how many of them are real; `ends` counts all of them."""
    ends: Ints
    time_factor: Floats
    breaks: Floats
    goal: Floats
    guard: Floats
    bound: Ints
    tier: Floats
    weight: Floats
    """The factor of the wait in the policy's index: rate or c-mu index."""
    policy: int
    ratio: int
    streak: int
    walk: float
    no_show: float
    horizon: float
    whole: bool


class PlayState(NamedTuple):
    """State of one replication, reused for the next; L lines, K observers, C counters, N slots."""

    head: Ints
    front: Floats
    in_time_slot: Ints
    in_time_until: Floats
    overtaken_by: Ints
    is_exact: Bools
    free: Floats
    idle: Bools
    idle_since: Floats
    idle_for: Ints
    is_called: Bools
    log_since: Floats
    log_counter: Ints
    counts: Ints
    """Calls so far, streak, customers still to call, idle counters."""


def inputs_of(stage: Stage, horizon: float, whole: bool) -> Inputs:
    """What is constant over all replications of a stage; `horizon` in minutes, `whole`: on until the horizon."""
    figures = ranks(stage)
    weight = figures.index if figures.policy == "cmu" else figures.rate
    return Inputs(
        _cast(stage.since, np.float64), _cast(stage.leaves, np.float32), _cast(stage.service_minutes, np.float32),
        _cast(stage.free, np.float64), _cast(stage.first, np.int64), _cast(stage.overtaken, np.int64),
        _cast(stage.present, np.bool_), _cast(stage.slot_service, np.int64), _cast(stage.serves, np.bool_),
        _reach(stage.serves), _cast(stage.serves[:, : stage.real].sum(axis=1), np.int64), _cast(stage.serves.sum(axis=1), np.int64),
        _cast(stage.time_factor, np.float64), _cast(stage.breaks, np.float64),
        _cast(figures.goal, np.float64), _cast(figures.guard, np.float64), _cast(figures.bound, np.int64),
        _cast(figures.tier, np.float64), _cast(weight, np.float64),
        POLICIES.index(figures.policy), int(stage.plan.rules.ratio), int(stage.streak),
        float(stage.walk_minutes), float(stage.no_show_minutes), float(horizon), bool(whole),
    )  # fmt: skip


def _cast(values: NDArray[Any], kind: type[np.generic]) -> NDArray[Any]:
    """The array in the type that the kernel is compiled for; other types would start another compilation."""
    return np.ascontiguousarray(values, kind)


def _reach(serves: Bools) -> Ints:
    reach = np.zeros(serves.shape, np.int64)
    for own, row in zip(serves, reach, strict=True):
        row[: own.sum()] = np.flatnonzero(own)
    return reach


def state_of(stage: Stage) -> PlayState:
    """Room for the state of one replication, not yet filled in."""
    (counters, lines), real, slots = stage.serves.shape, stage.real, stage.since.shape[1]
    return PlayState(
        np.empty(real, np.int64), np.empty(lines), np.empty(real, np.int64), np.empty(lines), np.empty(lines, np.int64),
        np.empty(lines, np.bool_), np.empty(counters), np.empty(counters, np.bool_), np.empty(counters),
        np.empty(real, np.int64), np.empty(slots, np.bool_), np.empty(slots), np.empty(slots, np.int64), np.empty(4, np.int64),
    )  # fmt: skip
