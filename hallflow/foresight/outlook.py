"""Intraday forecast: today's arrivals, waits and required counters by quarter-hour, with the reason for every figure.

Sentences are codes with facts, put into words at the edge (`outlook.<code>` in the texts). Moments are aware and in UTC; the
facts `from` and `until` are local clock times.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from hallflow.domain.events import Reason
from hallflow.domain.floor import Floor
from hallflow.domain.plan import Plan
from hallflow.domain.quarters import QUARTER
from hallflow.domain.roster.seats import Seats
from hallflow.domain.waits.ranges import Minutes
from hallflow.foresight.arrivals import DayForecast, Expected, Quarter, arrival_rates, forecast
from hallflow.foresight.learning.learned import Learned, fitted
from hallflow.foresight.staffing.formula import FormulaNeed, practical, requirement
from hallflow.foresight.staffing.periods import period
from hallflow.foresight.staffing.required import Requirement, with_simulated
from hallflow.foresight.staffing.steps import Step, steps, why
from hallflow.foresight.twin.compiled import ready
from hallflow.foresight.twin.openings import Opening, open_at
from hallflow.foresight.twin.play import HORIZON_MINUTES, PLAYS, affordable, play
from hallflow.foresight.twin.rostered import BEYOND, as_rostered, roster_data, shifts_of
from hallflow.foresight.waits.quantiles import quantiles

NOTABLE = 5
"""Deviation from the usual, in per cent, from which a day is called busier or quieter."""


@dataclass(frozen=True, slots=True)
class QuarterOutlook:
    """Forecast and staffing of one quarter-hour."""

    start: datetime
    total: Expected
    services: Mapping[str, Expected]
    arrived: int | None
    required: int
    open: int | None
    """Counters open now and later, by the roster or else as they stand; None for the past."""
    advised: int
    period: str
    reason: Reason
    groups: tuple[int, ...] = ()
    """Counters required of each skill group; empty until the day has been simulated."""
    lacking: tuple[str, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """The entry of `quarters` in the JSON."""
        return {
            "start": self.start.isoformat(),
            **_count(self.total),
            "arrived": self.arrived,
            "required": self.required,
            "open": self.open,
            "advised": self.advised,
            "period": self.period,
            "reason": _as_data(self.reason),
            "groups": list(self.groups) or None,
            "lacking": list(self.lacking),
            "services": {key: _count(expected) for key, expected in self.services.items()},
        }


@dataclass(frozen=True, slots=True)
class Outlook:
    """One hall's day as forecast at one moment."""

    made_at: datetime
    zone: str
    day: date
    history_days: int
    level: Reason
    quarters: tuple[QuarterOutlook, ...]
    recommendations: tuple[Step, ...]
    nexts: Mapping[tuple[str, str], Minutes] = field(default_factory=dict)
    """(service, tier) -> low, likely and high wait in minutes of the next arrival; services without a counter are missing.

    Not rounded: waits are updated from moment to moment before they are shown.
    """
    tickets: Mapping[str, Minutes] = field(default_factory=dict)
    """Ticket number -> remaining wait (low, likely, high minutes)."""
    offered: Sequence[tuple[str, str]] = ()
    simulated: Requirement | None = None
    """The day's staffing requirement, once found by simulation."""
    roster: Mapping[str, Any] | None = None
    """The day's roster and the counters' expected opening by it; None without a roster."""

    @property
    def rostered(self) -> bool:
        """Whether the counters' opening follows a roster."""
        return self.roster is not None

    @property
    def advised(self) -> int | None:
        """Recommended number of counters now; None while the hall is closed."""
        return next((q.advised for q in self.quarters if q.start <= self.made_at < q.start + QUARTER), None)

    def as_data(self) -> dict[str, Any]:
        """Plain JSON, with {"code", "facts"} for sentences; `ranges` hold the waits, for the hall itself."""
        nexts: dict[str, dict[str, list[float] | None]] = {}
        for service, tier in self.offered:
            wait = self.nexts.get((service, tier))
            nexts.setdefault(service, {})[tier] = list(wait) if wait else None
        return {
            "at": self.made_at.isoformat(),
            "made_at": self.made_at.isoformat(),
            "zone": self.zone,
            "day": self.day.isoformat(),
            "history_days": self.history_days,
            "level": _as_data(self.level),
            "quarters": [quarter.as_data() for quarter in self.quarters],
            "recommendations": [
                {
                    "from": step.start.isoformat(),
                    "until": step.end.isoformat(),
                    "counters": step.counters,
                    "kind": step.kind,
                    "text": _as_data(step.text),
                    "reason": _as_data(step.reason),
                }
                for step in self.recommendations
            ],
            "requirement": self.simulated.about() if self.simulated else None,
            "accuracy": None,
            "rostered": self.rostered,
            "roster": self.roster,
            "ranges": {"next": nexts, "tickets": {number: list(wait) for number, wait in self.tickets.items()}},
        }


def draw_outlook(
    floor: Floor,
    plan: Plan,
    learned: Learned,
    now: datetime,
    rng: np.random.Generator,
    plays: int = PLAYS,
    fast: bool | None = None,
    simulated: Requirement | None = None,
    seats: Seats | None = None,
) -> Outlook:
    """Today's arrivals so far and to come, everybody's wait, and the counters for the rest of the day.

    `simulated` is the staffing requirement from simulation, as far as known. `seats` are those of the day's roster, by which the
    counters then open, pause and close. `now` is aware; times are minutes; intervals are P10 to P90. It simulates, so it is too
    slow for a request.
    """
    learned = fitted(learned, plan)
    ahead = forecast(plan, learned, floor.day, now, floor.tally.arrivals)
    fast = ready() if fast is None else fast
    plays = min(plays, affordable(floor, fast))
    arrivals = arrival_rates(learned, ahead, now, HORIZON_MINUTES)
    end = plan.hours.closes_at(now) or now + timedelta(minutes=HORIZON_MINUTES)
    opening = as_rostered(floor, plan, seats, now, end + BEYOND) if seats else None
    played = play(
        floor, plan, learned, now, rng, plays, arrivals, fast=fast, shifts=shifts_of(opening) if opening else None
    )
    here = next((i for i, q in enumerate(ahead.quarters) if q.start + QUARTER > now), len(ahead.quarters))
    waiting = floor.waiting_count()
    at_counters = sum(t.state in ("called", "serving") for t in floor.tickets.values())
    past, rest = ahead.quarters[:here], ahead.quarters[here:]
    to_come = requirement(plan, learned, ahead, in_hall=waiting + at_counters, first=here)
    needs = [
        *with_simulated(requirement(plan, learned, ahead)[:here], past, simulated, moving=False),
        *with_simulated(to_come, rest, simulated),
    ]
    return Outlook(
        made_at=now,
        zone=str(plan.hours.zone),
        day=floor.day,
        history_days=learned.history_days,
        level=_level(plan, learned, ahead),
        **_staffed(plan, ahead, needs, here, len(floor.open_counters()), waiting, opening),
        nexts={kind: quantiles(waits) for kind, waits in played.nexts.items()},
        tickets={number: quantiles(waits) for number, waits in played.tickets.items()},
        offered=[(service, tier) for service in plan.services for tier in plan.tiers],
        simulated=simulated,
        roster=roster_data(seats, opening) if seats and opening else None,
    )


def draw_day(plan: Plan, learned: Learned, day: date, now: datetime, simulated: Requirement | None = None) -> Outlook:
    """Forecast of another day as of `now`: arrivals and required counters, without waits.

    `simulated` is the staffing requirement from simulation; without it the formula's counters are used.
    """
    learned = fitted(learned, plan)
    ahead = forecast(plan, learned, day)
    needs = with_simulated(requirement(plan, learned, ahead), ahead.quarters, simulated, moving=False)
    return Outlook(
        made_at=now,
        zone=str(plan.hours.zone),
        day=day,
        history_days=learned.history_days,
        level=_level(plan, learned, ahead),
        **_staffed(plan, ahead, needs, 0, None, 0),
        simulated=simulated,
    )


def _staffed(
    plan: Plan,
    ahead: DayForecast,
    needs: Sequence[FormulaNeed],
    here: int,
    opened: int | None,
    waiting: int,
    opening: Opening | None = None,
) -> dict[str, Any]:
    advised = [*(need.counters for need in needs[:here]), *practical([need.counters for need in needs[here:]])]
    # past quarter-hours are recorded on the floor; the current one has the counters open now
    counts = [None if i < here else opened for i in range(len(ahead.quarters))]
    if opening is not None:
        counts[here + 1 :] = [open_at(opening, quarter.start) for quarter in ahead.quarters[here + 1 :]]
    quarters = tuple(
        _quarter(plan, quarter, need, n, counts[i], waiting if i == here else 0)
        for i, (quarter, need, n) in enumerate(zip(ahead.quarters, needs, advised, strict=True))
    )
    to_come = steps(plan, ahead.quarters[here:], needs[here:], advised[here:], opened, waiting)
    return {"quarters": quarters, "recommendations": tuple(to_come)}


def _quarter(
    plan: Plan, quarter: Quarter, need: FormulaNeed, advised: int, opened: int | None, waiting: int
) -> QuarterOutlook:
    return QuarterOutlook(
        start=quarter.start,
        total=quarter.total,
        services=quarter.services,
        arrived=quarter.arrived,
        required=need.counters,
        open=opened,
        advised=advised,
        period=period(need.load, plan),
        reason=why(plan, need, quarter.total.expected, waiting),
        groups=need.groups,
        lacking=need.lacking,
    )


def _level(plan: Plan, learned: Learned, ahead: DayForecast) -> Reason:
    """The day's level against the usual, and its calendar effects, as a reason."""
    level = _busy(plan, learned, ahead)
    if ahead.quarters:
        for effect in ahead.effects:
            level = Reason("outlook.level_and", {"level": _as_data(level), "effect": _as_data(effect.as_reason())})
    return level


def _busy(plan: Plan, learned: Learned, ahead: DayForecast) -> Reason:
    if not ahead.quarters:
        return Reason("outlook.level_closed", {})
    expected = round(sum(q.total.expected if q.arrived is None else max(q.arrived, 0) for q in ahead.quarters))
    deviation = round(100 * (ahead.busyness.mean - 1))
    if abs(deviation) >= NOTABLE:
        return Reason(
            "outlook.level_busier" if deviation > 0 else "outlook.level_quieter",
            {"percent": abs(deviation), "customers": expected},
        )
    if learned.history_days == 0:
        return Reason("outlook.level_first", {"hourly": round(plan.staffing.arrivals_per_hour), "customers": expected})
    return Reason("outlook.level_usual", {"customers": expected})


def _count(expected: Expected) -> dict[str, float]:
    return {"expected": round(expected.expected, 1), "low": expected.low, "high": expected.high}


def _as_data(reason: Reason) -> dict[str, Any]:
    return {"code": reason.code, "facts": dict(reason.facts)}
