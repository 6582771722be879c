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
    hope: Ints
    due: Floats
    over: Ints
    sure: Bools
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
    board = Inputs(
        floats, singles, singles, floats, ints[0], ints[0], bools[0], ints[0], bools, ints, ints[0], ints[0],
        floats, np.zeros((1, 1, 2)), floats[0], floats[0], ints[0], floats[0], floats[0], 0, 0, 0, 0.0, 0.0, -1.0, False,
    )  # fmt: skip
    hall = PlayState(
        ints[0], floats[0], ints[0], floats[0], ints[0], bools[0], floats[0], bools[0], floats[0], ints[0], bools[0], floats[0],
        ints[0], np.zeros(4, np.int64),
    )  # fmt: skip
    _all(board, hall, floats, floats)


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
def _all(board: Inputs, hall: PlayState, calls: Floats, observed: Floats) -> None:
    slots = board.since.shape[1]
    present = 0
    for slot in range(slots):
        present += board.present[slot]
    for play in range(board.since.shape[0]):
        _begin(board, hall, board.since[play], board.starts[play], present)
        _one(board, hall, board.since[play], board.leaves[play], board.busy[play], calls[play], observed[play])


@compiled
def _begin(board: Inputs, hall: PlayState, since: Floats, free: Floats, present: int) -> None:
    hall.front[:] = 0.0
    hall.over[:] = 0
    hall.sure[:] = True
    hall.gone[:] = False
    hall.idle[:] = False
    hall.idle_since[:] = 0.0
    hall.idle_for[:] = 0
    for counter in range(len(free)):
        hall.free[counter] = free[counter]
    for line in range(len(board.first)):
        slot = board.first[line]
        hall.head[line] = hall.hope[line] = slot
        hall.front[line] = since[slot]
        hall.over[line] = board.overtaken[slot]
    for line in range(len(hall.front)):
        hall.due[line] = hall.front[line] + board.goal[line]
    hall.counts[0], hall.counts[1] = 0, board.streak
    hall.counts[3] = 0
    hall.counts[2] = present + len(hall.front) - len(hall.head)


@compiled
def _one(
    board: Inputs, hall: PlayState, since: Floats, leaves: Singles, busy: Singles, calls: Floats, observed: Floats
) -> None:
    while True:
        counter, at = _next(board, hall)
        if at >= board.horizon or (hall.counts[2] <= 0 and not board.whole):
            return
        until = _off_until(board.breaks[counter], at)
        if until > at:
            hall.free[counter] = until
            continue
        line, best = _turn(board, hall, since, observed, counter, at)
        if best < NOBODY:
            _call(board, hall, since, leaves, busy, calls, counter, line, best, at)
        elif at < END:
            hall.idle[counter] = True
            hall.counts[3] += 1
            hall.idle_since[counter] = at
            hall.free[counter] = _next_break(board.breaks[counter], at)
            for i in range(board.fronts[counter]):
                hall.idle_for[board.reach[counter, i]] += 1
        else:
            return


@compiled
def _next(board: Inputs, hall: PlayState) -> tuple[int, float]:
    counter, at = 0, hall.free[0]
    for other in range(1, len(hall.free)):
        if hall.free[other] < at:
            counter, at = other, hall.free[other]
    if hall.counts[3] == 0:
        return counter, min(at, END)
    line, arrival = -1, at
    for other in range(len(hall.head)):
        if hall.idle_for[other] > 0 and hall.front[other] < arrival:
            line, arrival = other, hall.front[other]
    if line >= 0:
        longest, best = 0, np.inf
        for other in range(len(hall.free)):
            if hall.idle[other] and board.serves[other, line] and hall.idle_since[other] < best:
                longest, best = other, hall.idle_since[other]
        counter, at = longest, arrival
    if hall.idle[counter]:
        hall.idle[counter] = False
        hall.counts[3] -= 1
        for i in range(board.fronts[counter]):
            hall.idle_for[board.reach[counter, i]] -= 1
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
def _next_hope(board: Inputs, hall: PlayState, since: Floats, line: int, slot: int, at: float) -> None:
    goal = board.goal[line]
    while hall.gone[slot] or since[slot] + goal < at:
        slot += 1
    hall.hope[line] = slot
    hall.due[line] = since[slot] + goal


@compiled
def _turn(
    board: Inputs, hall: PlayState, since: Floats, observed: Floats, counter: int, at: float
) -> tuple[int, float]:
    """The line that this counter calls from, and its rank; observers who would be called before are seen to."""
    leading, others = np.inf, False
    if board.policy == RATIO:
        leading, others = _leading(board, hall, counter, at)
        others = others and hall.counts[1] >= board.ratio
    line, best = 0, NOBODY
    for i in range(board.fronts[counter]):
        other = board.reach[counter, i]
        if hall.front[other] <= at and not (others and board.tier[other] <= leading):
            if board.policy == ATTAINMENT and hall.due[other] < at:
                # whoever can no longer make their goal is passed over; a line out of this counter's reach can wait with that
                _next_hope(board, hall, since, other, hall.hope[other] + 1, at)
            rank = _rank(board, hall, other, at)
            if rank < best:
                line, best = other, rank
    for i in range(board.fronts[counter], board.ends[counter]):
        other = board.reach[counter, i]
        may = hall.front[other] <= at and not (others and board.tier[other] <= leading)
        if may and _rank(board, hall, other, at) < best:
            observed[other - len(hall.head)] = at
            hall.front[other] = hall.due[other] = NEVER
            hall.counts[2] -= 1
    return line, best


@compiled
def _rank(board: Inputs, hall: PlayState, line: int, at: float) -> float:
    front: float = hall.front[line]
    if front <= at - board.guard[line] or _at_bound(board, hall, line):
        return MUST + front
    goal: float = board.goal[line]
    if board.policy == ATTAINMENT:
        due: float = hall.due[line]
        return due if at <= due <= at + goal else LATE + front
    if board.policy == EARLIEST:
        return goal + (1 + HAIR) * front
    if board.policy in (ACCUMULATING, CMU):
        weight: float = board.weight[line]
        return (weight + HAIR) * (front - at)
    if board.policy > 0:
        tier: float = board.tier[line]
        return tier * LATE / 100 + front
    return front


@compiled
def _leading(board: Inputs, hall: PlayState, counter: int, at: float) -> tuple[float, bool]:
    """The best tier that waits for this counter, and whether others wait too."""
    leading, others = np.inf, False
    for line in range(len(hall.head)):
        if board.serves[counter, line] and hall.front[line] <= at:
            leading = min(leading, board.tier[line])
    for line in range(len(hall.head)):
        if board.serves[counter, line] and hall.front[line] <= at and board.tier[line] > leading:
            others = True
    return leading, others


@compiled
def _at_bound(board: Inputs, hall: PlayState, line: int) -> bool:
    """A front's count is an upper bound until it matters; then it is counted, and kept exactly while it stands in front."""
    if hall.over[line] < board.bound[line]:
        return False
    if not hall.sure[line]:
        exact = board.overtaken[hall.head[line]]
        for i in range(hall.counts[0]):
            exact += hall.log_since[i] > hall.front[line] and board.serves[hall.log_counter[i], line]
        hall.over[line] = exact
        hall.sure[line] = True
    return bool(hall.over[line] >= board.bound[line])


@compiled
def _call(
    board: Inputs, hall: PlayState, since: Floats, leaves: Singles, busy: Singles, calls: Floats,
    counter: int, line: int, best: float, at: float,
) -> None:  # fmt: skip
    hopes = board.policy == ATTAINMENT
    hopeful = hopes and best > MUST / 2 and best < LATE / 2
    slot = hall.hope[line] if hopeful else hall.head[line]
    calls[slot] = at
    hall.counts[2] -= board.present[slot]
    hall.free[counter] = at
    if leaves[slot] > at:
        took = board.no_show
        if busy[slot] >= 0:
            took = board.walk + busy[slot] * board.pace[counter, board.service[slot]]
        hall.free[counter] = at + took
        for i in range(board.ends[counter]):
            other = board.reach[counter, i]
            hall.over[other] += hall.front[other] < since[slot]
        if board.policy == RATIO:
            leading, others = _leading(board, hall, counter, at)
            preferred = others and board.tier[line] == leading and best >= MUST / 2
            hall.counts[1] = hall.counts[1] + 1 if preferred else 0
        hall.log_since[hall.counts[0]] = since[slot]
        hall.log_counter[hall.counts[0]] = counter
        hall.counts[0] += 1
    _advance(board, hall, since, line, slot, at)


@compiled
def _advance(board: Inputs, hall: PlayState, since: Floats, line: int, slot: int, at: float) -> None:
    hopes = board.policy == ATTAINMENT
    hall.gone[slot] = True
    if hall.head[line] == slot:
        head = slot + 1
        while hopes and hall.gone[head]:
            head += 1
        hall.head[line] = head
        hall.front[line] = since[head]
        hall.sure[line] = since[head] > at
        hall.over[line] = 0 if since[head] > at else max(hall.over[line], board.overtaken[head])
    if hopes and hall.hope[line] == slot:
        _next_hope(board, hall, since, line, slot + 1, at)
