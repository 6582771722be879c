"""Compiled simulation: `plays.py` one replication and one decision at a time, in the form that numba compiles.

Both make the same decisions with the same arithmetic: from the same stage they give the same minutes to the last bit. Imported
only where numba is installed, since the first compilation takes seconds.
"""

import numpy as np

from hallflow.foresight.arrays import Floats, Singles
from hallflow.foresight.twin.chance import NEVER
from hallflow.foresight.twin.jit import compiled
from hallflow.foresight.twin.kernel_arrays import Inputs, PlayState, inputs_of, state_of
from hallflow.foresight.twin.ranks import END, HAIR, LATE, MUST, NOBODY
from hallflow.foresight.twin.stage import Stage

RATIO, EARLIEST, ACCUMULATING, CMU, ATTAINMENT = 2, 3, 4, 5, 6


def run(stage: Stage, horizon: float, whole: bool) -> tuple[Floats, Floats]:
    """Call times of all customers, (P, N), and of every virtual customer, (P, K), in minutes; NEVER where not before the horizon."""
    calls = np.full(stage.since.shape, NEVER)
    observed = np.full((len(calls), len(stage.lines) - stage.real), NEVER)
    if stage.free.shape[1]:
        _run_all(inputs_of(stage, horizon, whole), state_of(stage), calls, observed)
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
