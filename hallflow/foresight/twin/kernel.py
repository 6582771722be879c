"""One future after another, decision by decision: what `plays.py` does for all plays at once, written for the compiler.

Both make the same decisions in the same arithmetic, so that from the same stage they give the same minutes to the last bit.
Loaded only where numba is installed, and by the worker alone: compiling takes seconds when it happens for the first time.
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
    """What stays the same through all plays; shapes as in `Stage`."""

    since: Floats
    leaves: Singles
    busy: Singles
    starts: Floats
    first: Ints
    overtaken: Ints
    present: Bools
    service: Ints
    serves: Bools
    reach: Ints
    """(C, L + K): the lines each counter may call from, real ones first; then nothing."""
    fronts: Ints
    """(C): how many of them are real, and where they end."""
    ends: Ints
    pace: Floats
    breaks: Floats
    goal: Floats
    guard: Floats
    bound: Ints
    tier: Floats
    weight: Floats
    """Rate or index, whichever the policy multiplies the wait by."""
    policy: int
    ratio: int
    streak: int
    walk: float
    no_show: float
    horizon: float
    whole: bool


class PlayState(NamedTuple):
    """One play's state, used again for the next; L lines, K observers, C counters, N slots."""

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
    gone: Bools
    log_since: Floats
    log_counter: Ints
    counts: Ints
    """Calls so far, streak, still to be called, counters that stand idle."""


def run(stage: Stage, horizon: float, whole: bool) -> tuple[Floats, Floats]:
    """When everybody is called, (P, N), and every observer, (P, K); NEVER where not before the horizon."""
    calls = np.full(stage.since.shape, NEVER)
    observed = np.full((len(calls), len(stage.lines) - stage.real), NEVER)
    if stage.free.shape[1]:
        _all(_board(stage, horizon, whole), _hall(stage), calls, observed)
    return calls, observed


def compile_now() -> None:
    """Have the kernel ready before it is needed."""
    floats, singles, ints, bools = (np.zeros((1, 1), kind) for kind in (float, np.float32, np.int64, bool))
    inputs = Inputs(
        floats, singles, singles, floats, ints[0], ints[0], bools[0], ints[0], bools, ints, ints[0], ints[0],
        floats, np.zeros((1, 1, 2)), floats[0], floats[0], ints[0], floats[0], floats[0], 0, 0, 0, 0.0, 0.0, -1.0, False,
    )  # fmt: skip
    state = PlayState(
        ints[0], floats[0], ints[0], floats[0], ints[0], bools[0], floats[0], bools[0], floats[0], ints[0], bools[0], floats[0],
        ints[0], np.zeros(4, np.int64),
    )  # fmt: skip
    _all(inputs, state, floats, floats)


def _board(stage: Stage, horizon: float, whole: bool) -> Inputs:
    figures = ranks(stage)
    weight = figures.index if figures.policy == "cmu" else figures.rate
    return Inputs(
        _held(stage.since, np.float64), _held(stage.leaves, np.float32), _held(stage.busy, np.float32),
        _held(stage.free, np.float64), _held(stage.first, np.int64), _held(stage.overtaken, np.int64),
        _held(stage.present, np.bool_), _held(stage.slot_service, np.int64), _held(stage.serves, np.bool_),
        _reach(stage.serves), _held(stage.serves[:, : stage.real].sum(axis=1), np.int64), _held(stage.serves.sum(axis=1), np.int64),
        _held(stage.pace, np.float64), _held(stage.breaks, np.float64),
        _held(figures.goal, np.float64), _held(figures.guard, np.float64), _held(figures.bound, np.int64),
        _held(figures.tier, np.float64), _held(weight, np.float64),
        POLICIES.index(figures.policy), int(stage.plan.rules.ratio), int(stage.streak),
        float(stage.walk_minutes), float(stage.no_show_minutes), float(horizon), bool(whole),
    )  # fmt: skip


def _held(values: NDArray[Any], kind: type[np.generic]) -> NDArray[Any]:
    """As the kernel was compiled for: other types would be compiled for anew."""
    return np.ascontiguousarray(values, kind)


def _reach(serves: Bools) -> Ints:
    reach = np.zeros(serves.shape, np.int64)
    for own, kept in zip(serves, reach, strict=True):
        kept[: own.sum()] = np.flatnonzero(own)
    return reach


def _hall(stage: Stage) -> PlayState:
    (counters, lines), real, slots = stage.serves.shape, stage.real, stage.since.shape[1]
    return PlayState(
        np.empty(real, np.int64), np.empty(lines), np.empty(real, np.int64), np.empty(lines), np.empty(lines, np.int64),
        np.empty(lines, np.bool_), np.empty(counters), np.empty(counters, np.bool_), np.empty(counters),
        np.empty(real, np.int64), np.empty(slots, np.bool_), np.empty(slots), np.empty(slots, np.int64), np.empty(4, np.int64),
    )  # fmt: skip


@compiled
def _all(inputs: Inputs, state: PlayState, calls: Floats, observed: Floats) -> None:
    slots = inputs.since.shape[1]
    present = 0
    for slot in range(slots):
        present += inputs.present[slot]
    for play in range(inputs.since.shape[0]):
        _begin(inputs, state, inputs.since[play], inputs.starts[play], present)
        _one(inputs, state, inputs.since[play], inputs.leaves[play], inputs.busy[play], calls[play], observed[play])


@compiled
def _begin(inputs: Inputs, state: PlayState, since: Floats, free: Floats, present: int) -> None:
    state.front[:] = 0.0
    state.overtaken_by[:] = 0
    state.is_exact[:] = True
    state.gone[:] = False
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
def _one(
    inputs: Inputs, state: PlayState, since: Floats, leaves: Singles, busy: Singles, calls: Floats, observed: Floats
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
            _call(inputs, state, since, leaves, busy, calls, counter, line, best, at)
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
def _next_hope(inputs: Inputs, state: PlayState, since: Floats, line: int, slot: int, at: float) -> None:
    goal = inputs.goal[line]
    while state.gone[slot] or since[slot] + goal < at:
        slot += 1
    state.in_time_slot[line] = slot
    state.in_time_until[line] = since[slot] + goal


@compiled
def _turn(
    inputs: Inputs, state: PlayState, since: Floats, observed: Floats, counter: int, at: float
) -> tuple[int, float]:
    """The line that this counter calls from, and its rank; observers who would be called before are seen to."""
    leading, others = np.inf, False
    if inputs.policy == RATIO:
        leading, others = _leading(inputs, state, counter, at)
        others = others and state.counts[1] >= inputs.ratio
    line, best = 0, NOBODY
    for i in range(inputs.fronts[counter]):
        other = inputs.reach[counter, i]
        if state.front[other] <= at and not (others and inputs.tier[other] <= leading):
            if inputs.policy == ATTAINMENT and state.in_time_until[other] < at:
                # whoever can no longer make their goal is passed over; a line out of this counter's reach can wait with that
                _next_hope(inputs, state, since, other, state.in_time_slot[other] + 1, at)
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
    """The best tier that waits for this counter, and whether others wait too."""
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
    """A front's count is an upper bound until it matters; then it is counted, and kept exactly while it stands in front."""
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
    inputs: Inputs, state: PlayState, since: Floats, leaves: Singles, busy: Singles, calls: Floats,
    counter: int, line: int, best: float, at: float,
) -> None:  # fmt: skip
    hopes = inputs.policy == ATTAINMENT
    hopeful = hopes and best > MUST / 2 and best < LATE / 2
    slot = state.in_time_slot[line] if hopeful else state.head[line]
    calls[slot] = at
    state.counts[2] -= inputs.present[slot]
    state.free[counter] = at
    if leaves[slot] > at:
        took = inputs.no_show
        if busy[slot] >= 0:
            took = inputs.walk + busy[slot] * inputs.pace[counter, inputs.service[slot]]
        state.free[counter] = at + took
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
    hopes = inputs.policy == ATTAINMENT
    state.gone[slot] = True
    if state.head[line] == slot:
        head = slot + 1
        while hopes and state.gone[head]:
            head += 1
        state.head[line] = head
        state.front[line] = since[head]
        state.is_exact[line] = since[head] > at
        state.overtaken_by[line] = 0 if since[head] > at else max(state.overtaken_by[line], inputs.overtaken[head])
    if hopes and state.in_time_slot[line] == slot:
        _next_hope(inputs, state, since, line, slot + 1, at)
