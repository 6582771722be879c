"""Set covering by integer programming: a day's shifts of least paid time that staff every required counter.

Variables are the shift patterns of each kind of people (by certificate); who works a pattern may sit, in each quarter-hour, at
any counter they are certified for. Uncovered demand is allowed at a high cost. Solved by HiGHS through scipy. (Dantzig 1954;
Aykin 1996 for breaks.)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import lil_array

from hallflow.foresight.arrays import Ints
from hallflow.foresight.roster.patterns import Pattern, grid

SHORT, THIN = 2000.0, 100.0
"""Costs of an uncovered quarter-hour, and of one without the reserve for shrinkage, in paid quarter-hours."""
SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class ShiftKind:
    """People with the same certificates and how many can work this day; None where anybody may be hired."""

    services: frozenset[str] | None
    people: int | None = None

    def may(self, services: Sequence[str]) -> bool:
        """Whether they may staff a counter of these services."""
        return self.services is None or set(services) <= self.services


@dataclass(frozen=True, slots=True)
class Cover:
    """A day's shifts: number of each pattern for each kind of people."""

    shifts: tuple[tuple[Pattern, ShiftKind, int], ...]
    short: Ints
    """(G, Q): uncovered counters."""
    optimal: bool
    """Whether optimality is proven."""
    seconds_limit: float = SECONDS

    @property
    def paid_minutes(self) -> int:
        """Paid minutes of all shifts."""
        return sum(pattern.paid * n for pattern, _, n in self.shifts)


def cover(
    need: Ints, services: Sequence[Sequence[str]], minutes: Sequence[int], candidates: Sequence[Pattern],
    kinds: Sequence[ShiftKind], shrinkage: float = 0.0,
) -> Cover:  # fmt: skip
    """Solve for the cheapest shifts that staff `need` counters of each group, (G, Q).

    `services` are those of each group, `minutes` the starts of the quarter-hours in minutes of the day, `shrinkage` the share
    of rostered time that is lost. Without a solution in time, everything is uncovered.
    """
    groups, quarters = int(need.shape[0]), int(need.shape[1])
    work = grid(candidates, minutes)
    pairs = [(k, g) for k, kind in enumerate(kinds) for g in range(groups) if kind.may(services[g])]
    x, y = len(candidates) * len(kinds), len(pairs) * quarters
    short, thin = x + y, x + y + groups * quarters
    count = thin + quarters

    def flow(pair: int, quarter: int) -> int:
        return x + pair * quarters + quarter

    rows = len(kinds) * quarters + groups * quarters + quarters + len(kinds)
    a, low, high = lil_array((rows, count)), np.zeros(rows), np.full(rows, np.inf)
    row = 0
    for k in range(len(kinds)):
        for q in range(quarters):
            a[row, [k * len(candidates) + p for p in np.flatnonzero(work[:, q])]] = 1
            a[row, [flow(i, q) for i, (of, _) in enumerate(pairs) if of == k]] = -1
            row += 1
    for g in range(groups):
        for q in range(quarters):
            a[row, [flow(i, q) for i, (_, at) in enumerate(pairs) if at == g]] = 1
            a[row, short + g * quarters + q] = 1
            low[row] = need[g, q]
            row += 1
    for q in range(quarters):
        a[row, [k * len(candidates) + p for k in range(len(kinds)) for p in np.flatnonzero(work[:, q])]] = 1
        a[row, thin + q] = 1
        low[row] = ceil(need[:, q].sum() / (1 - shrinkage) - 1e-9)
        row += 1
    for k, kind in enumerate(kinds):
        a[row, k * len(candidates) : (k + 1) * len(candidates)] = 1
        high[row], low[row] = (np.inf if kind.people is None else kind.people), 0
        row += 1
    cost = np.concatenate(
        [np.tile([p.paid / 15 for p in candidates], len(kinds)), np.zeros(y), np.full(groups * quarters, SHORT), np.full(quarters, THIN)]
    )  # fmt: skip
    integer = np.zeros(count, np.int64)
    integer[:x] = 1
    solved = milp(
        cost,
        constraints=LinearConstraint(a.tocsr(), low, high),
        integrality=integer,
        bounds=Bounds(0, np.inf),
        options={"time_limit": SECONDS, "mip_rel_gap": 0.0},
    )
    if solved.x is None:
        return Cover((), need.copy(), optimal=False)
    taken = np.round(solved.x[:x]).astype(int)
    shifts = [
        (candidates[i % len(candidates)], kinds[i // len(candidates)], int(n)) for i, n in enumerate(taken) if n > 0
    ]
    left = np.round(solved.x[short : short + groups * quarters]).astype(int).reshape(groups, quarters)
    return Cover(tuple(shifts), left, optimal=solved.status == 0)
