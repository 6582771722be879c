"""Tour scheduling of a hall's week: from required counters to shifts, people and seats, with the uncovered demand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil
from typing import Any

import numpy as np

from hallflow.domain.plan import Plan
from hallflow.domain.quarters import QUARTER_MINUTES
from hallflow.domain.roster.shifts import Person, RosterRules
from hallflow.foresight.arrays import Ints
from hallflow.foresight.roster.assignment import SECONDS, assign
from hallflow.foresight.roster.cover import Cover, ShiftKind, cover
from hallflow.foresight.roster.past_days import PastDays
from hallflow.foresight.roster.patterns import Pattern, patterns
from hallflow.foresight.roster.seating import seat
from hallflow.foresight.roster.week import ShiftAsked, Week, unwished
from hallflow.foresight.staffing.required import Requirement
from hallflow.foresight.staffing.skills import SkillGroup

Data = dict[str, Any]
NO_DAYS = PastDays()


@dataclass(frozen=True, slots=True)
class _Day:
    day: date
    minutes: tuple[int, ...]
    need: Ints
    groups: tuple[SkillGroup, ...]
    cover: Cover


def make_roster(
    plan: Plan, needs: Mapping[date, Requirement | None], seconds: float = SECONDS, *, exact: bool | None = None,
    past: PastDays = NO_DAYS,
) -> Data:  # fmt: skip
    """Make the week's roster as plain data: shifts with breaks and counters, uncovered demand, hours, wishes, and how it was solved.

    `needs` maps each day to its requirement, None for none. Days of a replanned week that are over are passed as `past`,
    without a need.
    """
    rules = plan.roster
    open_days = past.open_days + sum(need is not None for need in needs.values())
    days = [_cover_day(plan, day, need, rules, open_days) for day, need in needs.items() if need is not None]
    asked = past.worked(rules.people.keys())
    asked += [ShiftAsked(d.day, p, kind) for d in days for p, kind, n in d.cover.shifts for _ in range(n)]
    week = (
        assign(asked, rules, seconds, exact=exact) if rules.people else Week((None,) * len(asked), "nobody named", None)
    )
    # shifts already worked stay with whoever worked them, whatever their limits are now
    week = replace(week, by=tuple(a.worked_by or who for a, who in zip(asked, week.by, strict=True)))
    shifts, short, covered = [*past.shifts], [*past.short], [*past.cover]
    for day in days:
        mine = [(a, who) for a, who in zip(asked, week.by, strict=True) if a.day == day.day]
        worked = {who: a.pattern for a, who in mine if who is not None}
        seats = seat(day.need, day.groups, day.minutes, worked, rules.people)
        shifts += [_shift(a, who, seats.at.get(who, ()) if who else (), plan) for a, who in mine]
        empty = day.cover.short
        if rules.people:
            empty = np.zeros_like(day.need)
            for at in seats.empty:
                empty[at] += 1
        short += _short(day, empty)
        covered += _covered(day, empty, [a.pattern for a, who in mine if who is not None or not rules.people])
    return {
        "hall": plan.hall,
        "days": [day.isoformat() for day in needs],
        "zone": str(plan.hours.zone),
        "how": week.how,
        "gap": week.gap,
        "covers_proven": all(day.cover.optimal for day in days),
        "shifts": sorted(shifts, key=lambda s: (s["day"], s["start"], s["person"] or "~")),
        "short": short,
        "cover": covered,
        "people": [_person(person, asked, week) for person in rules.people.values()],
        "required_hours": round(past.required_hours + sum(float(day.need.sum()) for day in days) / 4, 2),
        "rostered_hours": round(
            past.rostered_hours + sum(a.pattern.paid for a in asked if a.worked_by is None) / 60, 2
        ),
        "unfilled": past.unfilled + sum(who is None for who in week.by) if rules.people else 0,
    }


def _cover_day(plan: Plan, day: date, need: Requirement, rules: RosterRules, open_days: int) -> _Day:
    zone = plan.hours.zone
    starts = [q.start.astimezone(zone) for q in need.quarters]
    minutes = tuple((at.date() - day).days * 1440 + at.hour * 60 + at.minute for at in starts)
    needed = np.array([q.groups for q in need.quarters]).T
    candidates = patterns(rules.shifts, minutes)
    kinds = _kinds(rules, day, open_days)
    services = [group.services for group in need.groups]
    return _Day(day, minutes, needed, need.groups, cover(needed, services, minutes, candidates, kinds, rules.shrinkage))


def _kinds(rules: RosterRules, day: date, open_days: int) -> list[ShiftKind]:
    """People by certificates, as many as can work this day if days off are spread evenly."""
    if not rules.people:
        return [ShiftKind(None)]
    counts: dict[frozenset[str] | None, int] = {}
    for person in rules.people.values():
        if day not in person.away and person.services != frozenset():
            counts[person.services] = counts.get(person.services, 0) + 1
    share = min(rules.days_at_most / max(open_days, 1), 1.0)
    return [ShiftKind(services, ceil(n * share)) for services, n in counts.items()]


def _shift(asked: ShiftAsked, who: str | None, seats: Sequence[tuple[str, int, int]], plan: Plan) -> Data:
    pattern: Pattern = asked.pattern
    return {
        "day": asked.day.isoformat(),
        "person": who,
        "shift": pattern.shift,
        "start": _clock(pattern.start),
        "end": _clock(pattern.end),
        "breaks": [[_clock(a), _clock(b)] for a, b in pattern.breaks],
        "counters": [[counter, _clock(a), _clock(b)] for counter, a, b in seats],
        "paid_minutes": pattern.paid,
        "for": sorted(asked.kind.services) if asked.kind.services is not None else None,
    }


def _short(day: _Day, empty: Ints) -> list[Data]:
    """Uncovered counters (G, Q), adjacent quarter-hours merged; `missing` are services that no staffed counter offers then."""
    rows: list[Data] = []
    for g, group in enumerate(day.groups):
        for q, n in enumerate(empty[g].tolist()):
            if not n:
                continue
            offered = {
                s for other, at in enumerate(day.groups) if day.need[other, q] > empty[other, q] for s in at.services
            }
            row = {"counters": n, "services": list(group.services), "missing": sorted(set(group.services) - offered)}
            start, end = _clock(day.minutes[q]), _clock(day.minutes[q] + QUARTER_MINUTES)
            last = rows[-1] if rows else None
            if last is not None and last["until"] == start and row.items() <= last.items():
                last["until"] = end
            else:
                rows.append({"day": day.day.isoformat(), "from": start, "until": end} | row)
    return rows


def _covered(day: _Day, empty: Ints, working: Sequence[Pattern]) -> list[Data]:
    """Required and covered counters by half-hour, and people on shift: those of its worse quarter-hour."""
    by_half: dict[int, tuple[int, int, int]] = {}
    for q, minute in enumerate(day.minutes):
        required, short = int(day.need[:, q].sum()), int(empty[:, q].sum())
        there = sum(pattern.works(minute) for pattern in working)
        half = minute - minute % 30
        by_half[half] = max(by_half.get(half, (-1, 0, 0)), (short, required, -there))
    return [
        {
            "day": day.day.isoformat(),
            "from": _clock(half),
            "required": required,
            "covered": required - short,
            "on_shift": -less,
        }
        for half, (short, required, less) in by_half.items()
    ]


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _person(person: Person, asked: Sequence[ShiftAsked], week: Week) -> Data:
    mine = [a for a, who in zip(asked, week.by, strict=True) if who == person.key]
    return {
        "key": person.key,
        "name": person.name,
        "hours": round(sum(a.pattern.paid for a in mine) / 60, 2),
        "hours_at_most": person.hours_at_most,
        "days": len(mine),
        "wishes_broken": sum(unwished(a, person) for a in mine),
        "services": None if person.services is None else sorted(person.services),
        "note": "no_certificates" if person.services == frozenset() else None,
    }


def week_of(day: date) -> list[date]:
    """The seven dates of a day's week, from Monday."""
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(days=n) for n in range(7)]
