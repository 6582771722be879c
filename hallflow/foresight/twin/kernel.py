"""Compiled simulation: `plays.py` one replication and one decision at a time, in the form that numba compiles.

Both make the same decisions with the same arithmetic: from the same stage they give the same minutes to the last bit. Imported
only where numba is installed, since the first compilation takes seconds.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hallflow.foresight.arrays import Bools, Floats, Ints, Singles
from hallflow.foresight.twin.chance import NEVER
from hallflow.foresight.twin.jit import compiled
from hallflow.foresight.twin.ranks import END, HAIR, LATE, MUST, NOBODY, POLICIES, ranks
from hallflow.foresight.twin.stage import Stage

RATIO, EARLIEST, ACCUMULATING, CMU, ATTAINMENT = 2, 3, 4, 5, 6


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


def run(stage: Stage, horizon: float, whole: bool) -> tuple[Floats, Floats]:
    """Call times of all customers, (P, N), and of every virtual customer, (P, K), in minutes; NEVER where not before the horizon."""
    calls = np.full(stage.since.shape, NEVER)
    observed = np.full((len(calls), len(stage.lines) - stage.real), NEVER)
    if stage.free.shape[1]:
        _run_all(_inputs(stage, horizon, whole), _play_state(stage), calls, observed)
    return calls, observed


def compile_now() -> None:
    """Compile the kernel for its argument types."""
    floats, singles, ints, bools = (np.zeros((1, 1), kind) for kind in (float, np.float32, np.int64, bool))
    inputs = Inputs(
        floats, singles, singles, floats, ints[0], ints[0], bools[0], ints[0], bools, ints, ints[0], ints[0],
        floats, np.zeros((1, 1, 2)), floats[0], floats[0], ints[0], floats[0], floats[0], 0, 0, 0, 0.0, 0.0, -1.0, False,
    )  # fmt: skip
    state = PlayState(
        ints[0], floats[0], ints[0], floats[0], ints[0], bools[0], floats[0], bools[0], floats[0], ints[0], bools[0], floats[0],
        ints[0], np.zeros(4, np.int64),
    )  # fmt: skip
    _run_all(inputs, state, floats, floats)


def _inputs(stage: Stage, horizon: float, whole: bool) -> Inputs:
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


def _play_state(stage: Stage) -> PlayState:
    (counters, lines), real, slots = stage.serves.shape, stage.real, stage.since.shape[1]
    return PlayState(
        np.empty(real, np.int64), np.empty(lines), np.empty(real, np.int64), np.empty(lines), np.empty(lines, np.int64),
        np.empty(lines, np.bool_), np.empty(counters), np.empty(counters, np.bool_), np.empty(counters),
        np.empty(real, np.int64), np.empty(slots, np.bool_), np.empty(slots), np.empty(slots, np.int64), np.empty(4, np.int64),
    )  # fmt: skip


@compiled
def _run_all(inputs: Inputs, state: PlayState, calls: Floats, observed: Floats) -> None:
    slots = inputs.since.shape[1]
    present = 0
    for slot in range(slots):
        present += inputs.present[slot]
    for play in range(inputs.since.shape[0]):
        _begin(inputs, state, inputs.since[play], inputs.starts[play], present)
        _run_one(
            inputs,
            state,
            inputs.since[play],
            inputs.leaves[play],
            inputs.service_minutes[play],
            calls[play],
            observed[play],
        )


@compiled
def _begin(inputs: Inputs, state: PlayState, since: Floats, free: Floats, present: int) -> None:
    state.front[:] = 0.0
    state.overtaken_by[:] = 0
    state.is_exact[:] = True
    state.is_called[:] = False
    state.idle[:] = False
    state.idle_since[:] = 0.0
    state.idle_for[:] = 0
    for counter in range(len(free)):
        state.free[counter] = free[counter]
    for line in range(len(inputs.first)):
        slot = inputs.first[line]
        state.head[line] = state.in_time_slot[line] = slot
        state.front[line] = since[slot]
        state.overtaken_by[line] = inputs.overtaken[slot]
    for line in range(len(state.front)):
        state.in_time_until[line] = state.front[line] + inputs.goal[line]
    state.counts[0], state.counts[1] = 0, inputs.streak
    state.counts[3] = 0
    state.counts[2] = present + len(state.front) - len(state.head)


@compiled
def _run_one(
    inputs: Inputs,
    state: PlayState,
    since: Floats,
    leaves: Singles,
    service_minutes: Singles,
    calls: Floats,
    observed: Floats,
) -> None:
    while True:
        counter, at = _next(inputs, state)
        if at >= inputs.horizon or (state.counts[2] <= 0 and not inputs.whole):
            return
        until = _off_until(inputs.breaks[counter], at)
        if until > at:
            state.free[counter] = until
            continue
        line, best = _turn(inputs, state, since, observed, counter, at)
        if best < NOBODY:
            _call(inputs, state, since, leaves, service_minutes, calls, counter, line, best, at)
        elif at < END:
            state.idle[counter] = True
            state.counts[3] += 1
            state.idle_since[counter] = at
            state.free[counter] = _next_break(inputs.breaks[counter], at)
            for i in range(inputs.fronts[counter]):
                state.idle_for[inputs.reach[counter, i]] += 1
        else:
            return


@compiled
def _next(inputs: Inputs, state: PlayState) -> tuple[int, float]:
    counter, at = 0, state.free[0]
    for other in range(1, len(state.free)):
        if state.free[other] < at:
            counter, at = other, state.free[other]
    if state.counts[3] == 0:
        return counter, min(at, END)
    line, arrival = -1, at
    for other in range(len(state.head)):
        if state.idle_for[other] > 0 and state.front[other] < arrival:
            line, arrival = other, state.front[other]
    if line >= 0:
        longest, best = 0, np.inf
        for other in range(len(state.free)):
            if state.idle[other] and inputs.serves[other, line] and state.idle_since[other] < best:
                longest, best = other, state.idle_since[other]
        counter, at = longest, arrival
    if state.idle[counter]:
        state.idle[counter] = False
        state.counts[3] -= 1
        for i in range(inputs.fronts[counter]):
            state.idle_for[inputs.reach[counter, i]] -= 1
    return counter, min(at, END)


@compiled
def _off_until(breaks: Floats, at: float) -> float:
    until = 0.0
    for i in range(len(breaks)):
        if breaks[i, 0] <= at < breaks[i, 1]:
            until = max(until, breaks[i, 1])
    return until


@compiled
def _next_break(breaks: Floats, at: float) -> float:
    start = NEVER
    for i in range(len(breaks)):
        if breaks[i, 0] > at:
            start = min(start, breaks[i, 0])
    return start


@compiled
def _next_in_time(inputs: Inputs, state: PlayState, since: Floats, line: int, slot: int, at: float) -> None:
    goal = inputs.goal[line]
    while state.is_called[slot] or since[slot] + goal < at:
        slot += 1
    state.in_time_slot[line] = slot
    state.in_time_until[line] = since[slot] + goal


@compiled
def _turn(
    inputs: Inputs, state: PlayState, since: Floats, observed: Floats, counter: int, at: float
) -> tuple[int, float]:
    """The line that this counter calls from, and its index; observers ahead of that line are recorded as called."""
    leading, others = np.inf, False
    if inputs.policy == RATIO:
        leading, others = _leading(inputs, state, counter, at)
        others = others and state.counts[1] >= inputs.ratio
    line, best = 0, NOBODY
    for i in range(inputs.fronts[counter]):
        other = inputs.reach[counter, i]
        if state.front[other] <= at and not (others and inputs.tier[other] <= leading):
            if inputs.policy == ATTAINMENT and state.in_time_until[other] < at:
                # skip customers who can no longer be called within the goal; lines that this counter cannot call from are
                # updated later
                _next_in_time(inputs, state, since, other, state.in_time_slot[other] + 1, at)
            rank = _rank(inputs, state, other, at)
            if rank < best:
                line, best = other, rank
    for i in range(inputs.fronts[counter], inputs.ends[counter]):
        other = inputs.reach[counter, i]
        may = state.front[other] <= at and not (others and inputs.tier[other] <= leading)
        if may and _rank(inputs, state, other, at) < best:
            observed[other - len(state.head)] = at
            state.front[other] = state.in_time_until[other] = NEVER
            state.counts[2] -= 1
    return line, best


@compiled
def _rank(inputs: Inputs, state: PlayState, line: int, at: float) -> float:
    front: float = state.front[line]
    if front <= at - inputs.guard[line] or _at_bound(inputs, state, line):
        return MUST + front
    goal: float = inputs.goal[line]
    if inputs.policy == ATTAINMENT:
        due: float = state.in_time_until[line]
        return due if at <= due <= at + goal else LATE + front
    if inputs.policy == EARLIEST:
        return goal + (1 + HAIR) * front
    if inputs.policy in (ACCUMULATING, CMU):
        weight: float = inputs.weight[line]
        return (weight + HAIR) * (front - at)
    if inputs.policy > 0:
        tier: float = inputs.tier[line]
        return tier * LATE / 100 + front
    return front


@compiled
def _leading(inputs: Inputs, state: PlayState, counter: int, at: float) -> tuple[float, bool]:
    """The best tier waiting for this counter, and whether others wait too."""
    leading, others = np.inf, False
    for line in range(len(state.head)):
        if inputs.serves[counter, line] and state.front[line] <= at:
            leading = min(leading, inputs.tier[line])
    for line in range(len(state.head)):
        if inputs.serves[counter, line] and state.front[line] <= at and inputs.tier[line] > leading:
            others = True
    return leading, others


@compiled
def _at_bound(inputs: Inputs, state: PlayState, line: int) -> bool:
    """Whether a line's first customer may not be overtaken again.

    The count is an upper bound; if that reaches the limit, it is replaced by the exact count, which stays exact for this
    customer.
    """
    if state.overtaken_by[line] < inputs.bound[line]:
        return False
    if not state.is_exact[line]:
        exact = inputs.overtaken[state.head[line]]
        for i in range(state.counts[0]):
            exact += state.log_since[i] > state.front[line] and inputs.serves[state.log_counter[i], line]
        state.overtaken_by[line] = exact
        state.is_exact[line] = True
    return bool(state.overtaken_by[line] >= inputs.bound[line])


@compiled
def _call(
    inputs: Inputs, state: PlayState, since: Floats, leaves: Singles, service_minutes: Singles, calls: Floats,
    counter: int, line: int, best: float, at: float,
) -> None:  # fmt: skip
    tracks_goal = inputs.policy == ATTAINMENT
    in_time = tracks_goal and best > MUST / 2 and best < LATE / 2
    slot = state.in_time_slot[line] if in_time else state.head[line]
    calls[slot] = at
    state.counts[2] -= inputs.present[slot]
    state.free[counter] = at
    if leaves[slot] > at:
        minutes = inputs.no_show
        if service_minutes[slot] >= 0:
            minutes = inputs.walk + service_minutes[slot] * inputs.time_factor[counter, inputs.service[slot]]
        state.free[counter] = at + minutes
        for i in range(inputs.ends[counter]):
            other = inputs.reach[counter, i]
            state.overtaken_by[other] += state.front[other] < since[slot]
        if inputs.policy == RATIO:
            leading, others = _leading(inputs, state, counter, at)
            preferred = others and inputs.tier[line] == leading and best >= MUST / 2
            state.counts[1] = state.counts[1] + 1 if preferred else 0
        state.log_since[state.counts[0]] = since[slot]
        state.log_counter[state.counts[0]] = counter
        state.counts[0] += 1
    _advance(inputs, state, since, line, slot, at)


@compiled
def _advance(inputs: Inputs, state: PlayState, since: Floats, line: int, slot: int, at: float) -> None:
    tracks_goal = inputs.policy == ATTAINMENT
    state.is_called[slot] = True
    if state.head[line] == slot:
        head = slot + 1
        while tracks_goal and state.is_called[head]:
            head += 1
        state.head[line] = head
        state.front[line] = since[head]
        state.is_exact[line] = since[head] > at
        state.overtaken_by[line] = 0 if since[head] > at else max(state.overtaken_by[line], inputs.overtaken[head])
    if tracks_goal and state.in_time_slot[line] == slot:
        _next_in_time(inputs, state, since, line, slot + 1, at)
