"""Business hours in the hall's time zone: open or closed, and which business day a moment belongs to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Span = tuple[time, time]


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours by weekday (0 is Monday), with exceptions by date."""

    zone: ZoneInfo
    week: Mapping[int, tuple[Span, ...]]
    special: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)
    day_starts: time = time(4)
    """When the numbers of a new day begin: not at midnight, but while nobody is in the hall."""
    always: bool = False
    """Open around the clock (demo mode)."""

    def day_of(self, at: datetime) -> date:
        """The hall's day that this moment belongs to."""
        local = at.astimezone(self.zone)
        return local.date() if local.time() >= self.day_starts else local.date() - timedelta(days=1)

    def spans(self, day: date) -> list[tuple[datetime, datetime]]:
        """The open spans of a day as aware moments in the hall's zone."""
        if self.always:
            start = datetime.combine(day, self.day_starts, self.zone)
            return [(start, datetime.combine(day + timedelta(days=1), self.day_starts, self.zone))]
        spans = self.special.get(day, self.week.get(day.weekday(), ()))
        return [(datetime.combine(day, a, self.zone), datetime.combine(day, b, self.zone)) for a, b in spans]

    def is_open(self, at: datetime) -> bool:
        """Whether customers may take a number at this moment."""
        return self.always or any(start <= at < end for start, end in self.spans(self.day_of(at)))

    def closes_at(self, at: datetime) -> datetime | None:
        """When the current open span ends; None while closed."""
        return next((end for start, end in self.spans(self.day_of(at)) if start <= at < end), None)

    def closed_for(self, at: datetime) -> float | None:
        """Minutes since the day's last open span ended; None during a span or before one."""
        spans = self.spans(self.day_of(at))
        if not spans or spans[-1][1] > at:
            return None
        return (at - spans[-1][1]).total_seconds() / 60

    def opens_at(self, at: datetime) -> datetime | None:
        """The next opening after this moment, within a month; None while open or when none is planned."""
        if self.is_open(at):
            return None
        first = self.day_of(at)
        for ahead in range(32):
            for start, _ in self.spans(first + timedelta(days=ahead)):
                if start > at:
                    return start
        return None
