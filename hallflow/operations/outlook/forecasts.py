"""Forecast accuracy: the arrivals forecast at opening and at noon are stored, and compared with the counts when the day is closed."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from hallflow.domain.past.sums import Cell
from hallflow.domain.quarters import QUARTER_SECONDS, SLOTS, slot_at
from hallflow.hall import Hall
from hallflow.house import House
from hallflow.operations.outlook.learning import learned_for
from hallflow.storage.records import forecasts, outlooks, past

MADE = ("opening", "noon")
NOON = time(12)
USUAL_DAYS, SHOWN_DAYS = 56, 28
"""The days over which a weekday's mean is taken, and the days whose accuracy is shown."""
SOMEBODY = 0.5


def keep_forecasts(house: House, hall: Hall) -> int:
    """Store today's forecasts that are due, and compare those of closed days; gives how many."""
    return _store_due(house, hall) + _compare(house, hall)


def _store_due(house: House, hall: Hall) -> int:
    day, now, spans = hall.floor.day, house.clock.now(), hall.plan.hours.spans(hall.floor.day)
    if not spans:
        return 0
    noon = _noon(hall, day)
    with house.engine.connect() as connection:
        due = [made for made in MADE if made not in forecasts.made_of(connection, hall.key, day)]
        if noon > now or noon >= spans[-1][1] or noon <= spans[0][0]:
            due = [made for made in due if made != "noon"]
        if not due:
            return 0
        data = outlooks.read_learned(connection, hall.key)
        sums = dict(past.sums_between(connection, hall.key, day - timedelta(days=USUAL_DAYS), day - timedelta(days=1)))
    for made in due:
        expected = _expected(hall, data, noon if made == "noon" else None)
        expected["usual"] = _usual(hall, sums, day, made)
        with house.turns.of(hall.key) as connection:
            forecasts.keep(connection, hall.key, day, made, now, expected)
    return len(due)


def _noon(hall: Hall, day: date) -> datetime:
    return datetime.combine(day, NOON, hall.plan.hours.zone)


def _expected(hall: Hall, data: Mapping[str, Any] | None, noon: datetime | None) -> dict[str, Any]:
    """The forecast from what was known at opening, or at noon: a worker that starts late uses nothing later."""
    # imported here, so that a server that makes no forecast never loads numpy
    from hallflow.foresight.arrivals import count_range, forecast
    from hallflow.foresight.learning.learned import fitted

    learned = fitted(learned_for(hall.plan, data), hall.plan)
    arrived = hall.floor.tally.arrivals
    if noon is not None:
        arrived = {key: n for key, n in arrived.items() if key[0] < int(noon.timestamp()) // QUARTER_SECONDS}
    ahead = forecast(hall.plan, learned, hall.floor.day, noon, arrived if noon else None)
    rest = [q for q in ahead.quarters if noon is None or q.start >= noon]
    expected = sum(q.total.expected for q in rest)
    low, high = count_range(round(expected, 4), round(ahead.busyness.shape, 2))
    quarters = [[_slot(hall, q.start), round(q.total.expected, 2), q.total.low, q.total.high] for q in rest]
    return {"expected": round(expected, 1), "low": low, "high": high, "quarters": quarters}


def _slot(hall: Hall, start: datetime) -> int:
    local = start.astimezone(hall.plan.hours.zone)
    return slot_at(local.time())


def _usual(hall: Hall, sums: Mapping[date, Sequence[Cell]], day: date, made: str) -> float | None:
    """The mean of the same weekday's earlier days, or of all days where there is none; None without a history."""
    rests = {known: sum(_counted(hall, cells, made).values()) for known, cells in sums.items()}
    alike = [n for known, n in rests.items() if known.weekday() == day.weekday()] or list(rests.values())
    return round(sum(alike) / len(alike), 1) if alike else None


def _counted(hall: Hall, cells: Sequence[Cell], made: str) -> dict[int, int]:
    """Arrivals by quarter-hour: of the whole day, or from noon to its end."""
    starts = hall.plan.hours.day_starts
    begins = slot_at(starts)
    first = (slot_at(NOON) - begins) % SLOTS if made == "noon" else 0
    counts: dict[int, int] = {}
    for cell in cells:
        # slots after midnight belong to the end of the hall's day
        if (cell.slot - begins) % SLOTS >= first:
            counts[cell.slot] = counts.get(cell.slot, 0) + cell.arrivals
    return counts


def _compare(house: House, hall: Hall) -> int:
    with house.engine.connect() as connection:
        open_still = forecasts.not_compared(connection, hall.key, hall.floor.day)
        if not open_still:
            return 0
        sums = dict(past.sums_between(connection, hall.key, open_still[0].day, open_still[-1].day))
    done = 0
    for row in open_still:
        if row.day in sums:
            counts = _counted(hall, sums[row.day], row.made)
            ranges = [(low, counts.get(slot, 0), high, expected) for slot, expected, low, high in row.data["quarters"]]
            ranges = [each for each in ranges if each[3] >= SOMEBODY or each[1]]
            covered = sum(low <= n <= high for low, n, high, _ in ranges)
            came = {"total": sum(counts.values()), "quarters": len(ranges), "held": covered}
            with house.turns.of(hall.key) as connection:
                forecasts.compare(connection, hall.key, row.day, row.made, came)
            done += 1
    return done


def accuracy(hall: Hall) -> dict[str, Any] | None:
    """The accuracy of the last four weeks' forecasts and of the weekday's mean; None without a compared forecast."""
    last = hall.floor.day
    with hall.reading() as connection:
        rows = forecasts.compared(connection, hall.key, last - timedelta(days=SHOWN_DAYS), last)
    scores = {made: score for made in MADE if (score := _summed([row for row in rows if row.made == made]))}
    if not scores:
        return None
    days = [
        {
            "day": row.day.isoformat(),
            "made": row.made,
            **{key: row.data[key] for key in ("expected", "low", "high", "usual")},
            "came": row.came["total"],
        }
        for row in rows
    ]
    return {"promised": 0.8, **scores, "days": days}


def _summed(rows: Sequence[Any]) -> dict[str, Any] | None:
    """Absolute errors as a share of all arrivals; coverage of the ranges of quarter-hours and of days."""
    came = sum(row.came["total"] for row in rows)
    if came == 0:
        return None
    beside = [row for row in rows if row.data["usual"] is not None]
    came_beside = sum(row.came["total"] for row in beside)
    quarters = sum(row.came["quarters"] for row in rows)
    return {
        "days": len(rows),
        "error": round(sum(abs(row.data["expected"] - row.came["total"]) for row in rows) / came, 4),
        "usual_error": round(sum(abs(row.data["usual"] - row.came["total"]) for row in beside) / came_beside, 4)
        if came_beside
        else None,
        "coverage": round(sum(row.came["held"] for row in rows) / quarters, 4) if quarters else None,
        "days_within": sum(row.data["low"] <= row.came["total"] <= row.data["high"] for row in rows),
    }
