"""Occupancy (server utilisation): the share of its open time that a counter spends serving, updated event by event."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Worked:
    """A counter's day so far: minutes open and minutes serving until `at`, and its state since."""

    opened: float = 0.0
    served: float = 0.0
    at: datetime | None = None
    is_open: bool = False
    is_serving: bool = False

    def until(self, now: datetime) -> tuple[float, float]:
        """Minutes open and minutes serving by this moment; a paused counter that still serves counts as open."""
        passed = max((now - self.at).total_seconds() / 60, 0.0) if self.at else 0.0
        opened = passed if self.is_open or self.is_serving else 0.0
        return self.opened + opened, self.served + (passed if self.is_serving else 0.0)

    def then(self, at: datetime, *, is_open: bool, is_serving: bool) -> "Worked":
        """The sums of the same day, with another state from this moment on."""
        if (is_open, is_serving) == (self.is_open, self.is_serving):
            return self
        opened, served = self.until(at)
        return Worked(opened, served, at, is_open, is_serving)

    def share(self, now: datetime) -> float | None:
        """The share of its open time that it served; None before it was open at all."""
        opened, served = self.until(now)
        return served / opened if opened else None
