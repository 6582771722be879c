"""A range that holds still: what a customer was last shown stands until it is really wrong.

Whoever watches their own wait plans by it, so the shown range is a span of clock time, and time alone never moves it. Its end
moves later only when the customer is more likely than not to be called after it, or when the hall has slowed so much that the
end has lost its meaning; then with a reason. It moves earlier, or grows narrower, only by steps worth a look.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hallflow.domain.waits.ranges import WaitRange, outward

FAR_OFF = (2.0, 5.0)
"""An end later than so many times the shown minutes and so many more has lost its meaning."""
WORTH_A_LOOK = 5.0
"""An end moves earlier by at least so many minutes."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The span of clock time a customer is shown; `reason` says why its end last moved later."""

    low: datetime
    likely: datetime
    high: datetime
    reason: str | None = None

    def wait(self, now: datetime) -> WaitRange:
        """The minutes left of it: they count down, whole and away from each other."""
        low, likely, high = ((at - now).total_seconds() / 60 for at in (self.low, self.likely, self.high))
        least = max(int(low), 0)
        most = max(-int(-high // 1), 1)
        return WaitRange(least, min(max(round(likely), least), most), most)


def shown_from(minutes: tuple[float, float, float], now: datetime, reason: str | None = None) -> Shown:
    """These minutes from now, rounded outward, as clock time."""
    rounded = outward(*minutes)
    low, likely, high = (now + timedelta(minutes=m) for m in (rounded.low, rounded.likely, rounded.high))
    return Shown(low, likely, high, reason)


def steady(shown: Shown, minutes: tuple[float, float, float], now: datetime, reason: str) -> Shown:
    """What to show now that these minutes are foreseen: mostly what is shown already. `reason` is why it would be later."""
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
        # sooner than shown: whoever went for a coffee must know at once
        return Shown(min(new.low, shown.low), new.likely, shown.high, shown.reason)
    if new.low > shown.low and 2 * (shown.high - new.low) <= shown.high - max(shown.low, now):
        return Shown(new.low, new.likely, shown.high, shown.reason)
    return Shown(shown.low, now + timedelta(minutes=min(likely, left)), shown.high, shown.reason)
