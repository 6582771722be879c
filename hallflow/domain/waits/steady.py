"""ETA with hysteresis: the range last shown to a customer stands until a new prediction clearly contradicts it.

Customers plan by the wait they are shown, so the range is a span of clock time, and time alone never moves it. Its end moves later
only when the customer is more likely than not to be called after it, or when the predicted end is far beyond it; then with a
reason. It moves earlier, or becomes narrower, only by steps that are worth noticing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hallflow.domain.waits.ranges import WaitRange, outward

FAR_OFF = (2.0, 5.0)
"""A predicted end above so many times the shown minutes plus so many minutes replaces the shown end."""
WORTH_A_LOOK = 5.0
"""An end moves earlier by no less than these minutes."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The span of clock time a customer is shown; `reason` is why its end last moved later."""

    low: datetime
    likely: datetime
    high: datetime
    reason: str | None = None

    def wait(self, now: datetime) -> WaitRange:
        """The remaining minutes as whole numbers, rounded outward."""
        low, likely, high = ((at - now).total_seconds() / 60 for at in (self.low, self.likely, self.high))
        least = max(int(low), 0)
        most = max(-int(-high // 1), 1)
        return WaitRange(least, min(max(round(likely), least), most), most)


def shown_from(minutes: tuple[float, float, float], now: datetime, reason: str | None = None) -> Shown:
    """A range of minutes from now, rounded outward, as clock time."""
    rounded = outward(*minutes)
    low, likely, high = (now + timedelta(minutes=m) for m in (rounded.low, rounded.likely, rounded.high))
    return Shown(low, likely, high, reason)


def steady(shown: Shown, minutes: tuple[float, float, float], now: datetime, reason: str) -> Shown:
    """The span to show after this prediction, mostly the one already shown; `reason` is given if its end moves later."""
    low, likely, high = minutes
    left_low, left = ((at - now).total_seconds() / 60 for at in (shown.low, shown.high))
    times, more = FAR_OFF
    if likely > left or high > times * max(left, 0) + more:
        new = shown_from(minutes, now, reason)
        return Shown(new.low, new.likely, max(new.high, shown.high), reason)
    new = shown_from(minutes, now, shown.reason)
    if high <= left - WORTH_A_LOOK and new.high <= shown.high - timedelta(minutes=WORTH_A_LOOK):
        return Shown(min(new.low, new.high), new.likely, new.high, shown.reason)
    if low < max(left_low, 0) or likely < left_low:
        # a turn earlier than shown is shown at once: the customer may be away
        return Shown(min(new.low, shown.low), new.likely, shown.high, shown.reason)
    if new.low > shown.low and 2 * (shown.high - new.low) <= shown.high - max(shown.low, now):
        return Shown(new.low, new.likely, shown.high, shown.reason)
    return Shown(shown.low, now + timedelta(minutes=min(likely, left)), shown.high, shown.reason)
