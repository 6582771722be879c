"""Vectorised simulation: all replications of a hall advance together, one decision at a time (numpy)."""

import numpy as np

from hallflow.foresight.arrays import Bools, Floats, Ints
from hallflow.foresight.twin.chance import NEVER
from hallflow.foresight.twin.ranks import END, LATE, MUST, NOBODY, ranks
from hallflow.foresight.twin.stage import Stage

TIDY_EVERY = 16
ROWS = (
    "play",
    "head",
    "front",
    "in_time_slot",
    "in_time_until",
    "overtaken_by",
    "is_exact",
    "free",
    "idle",
    "idle_since",
    "idle_for",
    "streak",
    "still_to_call",
)
"""State arrays with one row for every replication still running."""


class Plays:
    """P replications of a stage. Finished ones are removed from the state's rows; `play` maps a row to its replication."""

    def __init__(self, stage: Stage, horizon_minutes: float, whole: bool) -> None:
        plays, counters = stage.free.shape
        lines = stage.real
        self.stage, self.ranks = stage, ranks(stage)
        self.horizon, self.whole = horizon_minutes, whole
        self.tracks_goal = stage.plan.rules.policy == "attainment"
        self.calls = np.full(stage.since.shape, NEVER)
        self.observed = np.full((plays, len(stage.lines) - lines), NEVER)
        self.is_called = np.zeros(stage.since.shape, bool)
        self.serves = stage.serves
        self.breaks = stage.breaks if (stage.breaks[..., 0] < horizon_minutes).any() else None
        self.serves_count = stage.serves[:, :lines].astype(np.int16)

        self.play = np.arange(plays)
        self.head = np.tile(stage.first, (plays, 1))
        self.front = np.zeros((plays, len(stage.lines)))
        self.front[:, :lines] = stage.since[:, stage.first]
        self.in_time_slot, self.in_time_until = self.head.copy(), self.front + self.ranks.goal
        """In each line the first customer who can still be called within the goal, and until when."""
        self.overtaken_by = np.zeros((plays, len(stage.lines)), np.int64)
        self.overtaken_by[:, :lines] = stage.overtaken[stage.first]
        self.is_exact = np.ones((plays, lines), bool)
        """Whether the count of the line's first customer is exact; else it is an upper bound, made exact when it matters."""
        self.free = stage.free.copy()
        self.idle = np.zeros((plays, counters), bool)
        self.idle_since = np.zeros((plays, counters))
        self.idle_for = np.zeros((plays, lines), np.int16)
        """Number of idle counters that could serve each line."""
        self.streak = np.full(plays, stage.streak)
        self.still_to_call = np.full(plays, int(stage.present.sum()) + self.observed.shape[1])
        self.steps = 0
        self.log_since = np.full((64, plays), -NEVER)
        """Each decision's call: when the called customer joined (-NEVER for no call), and the counter."""
        self.log_counter = np.zeros((64, plays), np.int16)

    def run(self) -> None:
        """Advance until every replication has ended."""
        if self.free.shape[1] == 0:
            return
        while len(self.play):
            at = self._step()
            self.steps += 1
            if self.steps % TIDY_EVERY == 0 or len(self.play) == 1:
                finished = at >= self.horizon if self.whole else (at >= self.horizon) | (self.still_to_call <= 0)
                if finished.any():
                    self._keep(~finished)

    def _keep(self, rows: Bools) -> None:
        for name in ROWS:
            setattr(self, name, getattr(self, name)[rows])

    def _step(self) -> Floats:
        """Make one decision in every replication and return its time in minutes."""
        counter, at = self._next()
        now = at[:, None]
        if self.tracks_goal:
            self._skip_late(now)
        reach = self.serves[counter]
        may = reach & (self.front <= now)
        off = self._off(counter, at)
        may[off] = False
        if self.ranks.policy == "ratio":
            may &= self._allowed(may)
        must = self.front <= now - self.ranks.guard
        must |= self._at_bound(may)
        rank = self.ranks.of(self.front, self.in_time_until, now)
        np.copyto(rank, MUST + self.front, where=must)
        np.copyto(rank, NOBODY, where=~may)
        real = rank[:, : self.stage.real]
        line = real.argmin(axis=1)
        best = real[np.arange(len(at)), line]
        self._observe(rank[:, self.stage.real :], best, at)
        calls = best < NOBODY
        stands_idle = ~calls
        stands_idle[off] = False
        idle = np.flatnonzero(stands_idle)
        if len(idle):
            self._stand_idle(idle, counter[idle], at[idle])
        called = np.flatnonzero(calls)
        if len(called):
            self._call(called, counter, line[called], best[called], at, reach)
        return at

    def _next(self) -> tuple[Ints, Floats]:
        """The next decision of each replication: the counter that calls, and when."""
        rows = np.arange(len(self.play))
        counter = self.free.argmin(axis=1)
        at = self.free[rows, counter]
        if self.idle.any():
            arriving = np.where(self.idle_for > 0, self.front[:, : self.stage.real], NEVER)
            line = arriving.argmin(axis=1)
            arrival = arriving[rows, line]
            wake = np.flatnonzero(arrival < at)
            if len(wake):
                ready = self.idle[wake] & self.serves[:, line[wake]].T
                longest = np.where(ready, self.idle_since[wake], NEVER).argmin(axis=1)
                counter[wake], at[wake] = longest, arrival[wake]
            up = np.flatnonzero(self.idle[rows, counter])
            self.idle[up, counter[up]] = False
            self.idle_for[up] -= self.serves_count[counter[up]]
        return counter, np.minimum(at, END)

    def _off(self, counter: Ints, at: Floats) -> Ints:
        """Rows whose counter is on a break; its next turn is the end of the break."""
        if self.breaks is None:
            return np.zeros(0, np.int64)
        own = self.breaks[counter]
        within = (own[..., 0] <= at[:, None]) & (at[:, None] < own[..., 1])
        row = np.flatnonzero(within.any(axis=1))
        self.free[row, counter[row]] = np.where(within, own[..., 1], 0.0).max(axis=1)[row]
        return row

    def _skip_late(self, now: Floats) -> None:
        """Skip customers who can no longer be called within their goal."""
        expired = self.in_time_until[:, : self.stage.real] < now
        if expired.any():
            row, line = np.nonzero(expired)
            self._next_in_time(row, line, self.in_time_slot[row, line] + 1, now[row, 0])

    def _next_in_time(self, row: Ints, line: Ints, slot: Ints, at: Floats) -> None:
        play, goal = self.play[row], self.ranks.goal[line]
        while True:
            since = self.stage.since[play, slot]
            skip = self.is_called[play, slot] | (since + goal < at)
            if not skip.any():
                break
            slot = slot + skip
        self.in_time_slot[row, line] = slot
        self.in_time_until[row, line] = since + goal

    def _allowed(self, may: Bools) -> Bools:
        """Ratio policy (weighted round robin): after `ratio` calls of the best tier in a row, the others are due."""
        real = may[:, : self.stage.real]
        tier = self.ranks.tier[: self.stage.real]
        best = np.where(real, tier, np.inf).min(axis=1)
        others = real & (tier > best[:, None])
        turn = (self.streak >= self.stage.plan.rules.ratio) & others.any(axis=1)
        return np.asarray(~turn[:, None] | (self.ranks.tier > best[:, None]))

    def _at_bound(self, may: Bools) -> Bools:
        """Lines whose first customer has reached the overtaking bound."""
        reached = (self.overtaken_by >= self.ranks.bound) & may
        inexact = reached[:, : self.stage.real] & ~self.is_exact
        if inexact.any():
            row, line = np.nonzero(inexact)
            play = self.play[row]
            later = self.log_since[: self.steps, play] > self.front[row, line]
            later &= self.serves[self.log_counter[: self.steps, play], line]
            exact = self.stage.overtaken[self.head[row, line]] + later.sum(axis=0)
            self.overtaken_by[row, line] = exact
            self.is_exact[row, line] = True
            reached[row, line] = exact >= self.ranks.bound[line]
        return reached

    def _observe(self, rank: Floats, best: Floats, at: Floats) -> None:
        """Record observers who rank before the customer called."""
        rank_first = rank < best[:, None]
        if rank_first.any():
            row, column = np.nonzero(rank_first)
            self.observed[self.play[row], column] = at[row]
            self.front[row, self.stage.real + column] = NEVER
            self.in_time_until[row, self.stage.real + column] = NEVER
            self.still_to_call -= rank_first.sum(axis=1)

    def _stand_idle(self, row: Ints, counter: Ints, at: Floats) -> None:
        if self.breaks is None:
            self.free[row, counter] = NEVER
        else:
            starts = self.breaks[counter][..., 0]
            self.free[row, counter] = np.where(starts > at[:, None], starts, NEVER).min(axis=1)
        live = at < END
        self.still_to_call[row[~live]] = 0
        row, counter = row[live], counter[live]
        self.idle[row, counter] = True
        self.idle_since[row, counter] = at[live]
        self.idle_for[row] += self.serves_count[counter]

    def _call(self, row: Ints, counter: Ints, line: Ints, best: Floats, at: Floats, reach: Bools) -> None:
        """Call the chosen customers: occupy the counter, and count the overtaking of earlier arrivals in its lines."""
        stage, play = self.stage, self.play[row]
        must, in_time = best < MUST / 2, self.tracks_goal & (best > MUST / 2) & (best < LATE / 2)
        slot = np.where(in_time, self.in_time_slot[row, line], self.head[row, line])
        since, when, who = stage.since[play, slot], at[row], counter[row]
        here = stage.leaves[play, slot] > when
        self.calls[play, slot] = when
        self.free[row, who] = when + np.where(here, self._minutes(play, slot, who), 0.0)
        self.still_to_call[row] -= stage.present[slot]
        joined = np.full(len(at), -NEVER)
        joined[row] = np.where(here, since, -NEVER)
        self.overtaken_by += reach & (self.front < joined[:, None])
        self._log(joined, counter)
        if self.ranks.policy == "ratio":
            self._count_streak(row, who, line, here, when, must)
        self._advance(row, line, slot, when)

    def _minutes(self, play: Ints, slot: Ints, who: Ints) -> Floats:
        """Minutes that these calls occupy their counters."""
        stage = self.stage
        minutes = stage.service_minutes[play, slot]
        served = stage.walk_minutes + minutes * stage.time_factor[who, stage.slot_service[slot]]
        return np.where(minutes >= 0, served, stage.no_show_minutes)

    def _log(self, joined: Floats, counter: Ints) -> None:
        while self.steps >= len(self.log_since):
            self.log_since = np.concatenate((self.log_since, np.full_like(self.log_since, -NEVER)))
            self.log_counter = np.concatenate((self.log_counter, np.zeros_like(self.log_counter)))
        self.log_since[self.steps, self.play] = joined
        self.log_counter[self.steps, self.play] = counter

    def _count_streak(self, row: Ints, who: Ints, line: Ints, here: Bools, when: Floats, must: Bools) -> None:
        tier = self.ranks.tier[: self.stage.real]
        fronts = self.serves[who][:, : self.stage.real] & (self.front[row, : self.stage.real] <= when[:, None])
        leading = np.where(fronts, tier, np.inf).min(axis=1)
        others = (fronts & (tier > leading[:, None])).any(axis=1)
        preferred = others & (tier[line] == leading) & ~must
        self.streak[row] = np.where(here, np.where(preferred, self.streak[row] + 1, 0), self.streak[row])

    def _advance(self, row: Ints, line: Ints, slot: Ints, when: Floats) -> None:
        """Remove the called from their lines and move each line's front."""
        play = self.play[row]
        self.is_called[play, slot] = True
        first = self.head[row, line] == slot
        r, ln, head = row[first], line[first], slot[first] + 1
        while self.tracks_goal:
            is_called = self.is_called[self.play[r], head]
            if not is_called.any():
                break
            head = head + is_called
        since = self.stage.since[self.play[r], head]
        self.head[r, ln] = head
        self.front[r, ln] = since
        inherited = np.maximum(self.overtaken_by[r, ln], self.stage.overtaken[head])
        new = since > when[first]
        self.is_exact[r, ln] = new
        self.overtaken_by[r, ln] = np.where(new, 0, inherited)
        if self.tracks_goal:
            was_in_time = self.in_time_slot[row, line] == slot
            self._next_in_time(row[was_in_time], line[was_in_time], slot[was_in_time] + 1, when[was_in_time])
