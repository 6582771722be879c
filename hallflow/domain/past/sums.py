"""Pre-aggregated sums of a closed day: what reports and the arrival forecast need of it, without its single visits."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from hallflow.domain.past.visit import Visit
from hallflow.domain.quarters import slot_at

TENTHS = 10
"""Waits are counted in tenths of a minute, rounded up, so goals in whole minutes or tenths are attained exactly as by the visits."""


@dataclass(slots=True)
class Cell:
    """The visits of one service and tier that joined in one quarter-hour."""

    service: str
    tier: str
    slot: int
    """The quarter-hour of the day in local time: 0 is 00:00-00:15."""
    arrivals: int = 0
    served: int = 0
    missed: int = 0
    abandoned: int = 0
    waits: dict[int, int] = field(default_factory=dict)
    """Histogram of waiting times: visits called, by tenths of a minute waited."""
    timed: int = 0
    """Services with a known begin and end; then the sum of their minutes, and the sum of squares."""
    minutes: float = 0.0
    squares: float = 0.0

    @property
    def called(self) -> int:
        """How many were called."""
        return sum(self.waits.values())

    def within(self, goal_minutes: float) -> int:
        """How many were called within this goal."""
        return sum(count for tenths, count in self.waits.items() if tenths <= goal_minutes * TENTHS + 1e-6)

    def add(self, visit: Visit) -> None:
        """Count a visit."""
        self.arrivals += 1
        self.served += visit.outcome == "served"
        self.missed += visit.outcome == "missed"
        self.abandoned += visit.outcome == "abandoned"
        if visit.called_at is not None:
            waited = (visit.called_at - visit.issued_at).total_seconds() / 60 * TENTHS
            tenths = -int(-waited // 1)
            self.waits[tenths] = self.waits.get(tenths, 0) + 1
        if visit.outcome == "served" and visit.arrived_at and visit.ended_at:
            minutes = (visit.ended_at - visit.arrived_at).total_seconds() / 60
            self.timed += 1
            self.minutes += minutes
            self.squares += minutes**2

    def as_data(self) -> list[Any]:
        """The cell as plain JSON, which `cells_from` reads back."""
        waits = [number for pair in sorted(self.waits.items()) for number in pair]
        sums = (self.timed, round(self.minutes, 3), round(self.squares, 3))
        return [
            self.service, self.tier, self.slot, self.arrivals, self.served, self.missed, self.abandoned, waits, *sums,
        ]  # fmt: skip


def sum_day(visits: Iterable[Visit], zone: ZoneInfo) -> list[Cell]:
    """The visits of one day summed into cells, in order of time."""
    cells: dict[tuple[int, str, str], Cell] = {}
    for visit in visits:
        local = visit.issued_at.astimezone(zone)
        slot = slot_at(local.time())
        key = (slot, visit.service, visit.tier)
        if key not in cells:
            cells[key] = Cell(visit.service, visit.tier, slot)
        cells[key].add(visit)
    return [cells[key] for key in sorted(cells)]


def cells_from(data: Sequence[list[Any]]) -> Iterator[Cell]:
    """The cells that `as_data` wrote."""
    for service, tier, slot, arrivals, served, missed, abandoned, waits, timed, minutes, squares in data:
        counted = dict(zip(waits[::2], waits[1::2], strict=True))
        yield Cell(service, tier, slot, arrivals, served, missed, abandoned, counted, timed, minutes, squares)
