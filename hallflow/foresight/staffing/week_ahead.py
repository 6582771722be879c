"""Week-ahead load forecast by half-hours: offered load over the hall's counters, its class, and the playbook's measures for it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from hallflow.domain.events import Reason
from hallflow.domain.languages import Words, listed
from hallflow.domain.plan import Plan
from hallflow.domain.playbook import PlaybookEntry
from hallflow.domain.quarters import QUARTER
from hallflow.foresight.arrivals import Quarter, forecast
from hallflow.foresight.learning.learned import Learned, fitted
from hallflow.foresight.learning.special_days import DayEffect
from hallflow.foresight.staffing.formula import FormulaNeed, requirement
from hallflow.foresight.staffing.periods import period

DAYS = 7
HALF = 2 * QUARTER


@dataclass(frozen=True, slots=True)
class Half:
    """One half-hour, or the part of it within business hours."""

    start: datetime
    expected: float
    load: float
    """Offered load per counter of the plan: 1 keeps them all busy."""
    counters: int
    """Largest number required in it."""
    period: str


@dataclass(frozen=True, slots=True)
class Period:
    """Adjacent half-hours of one load class, and the measures to take in them."""

    start: datetime
    end: datetime
    period: str
    expected: float
    load: float
    counters: int
    plays: tuple[Words, ...]

    def as_data(self, plan: Plan) -> dict[str, Any]:
        """Plain JSON; the sentence is {"code", "facts"}."""
        zone = plan.hours.zone
        begins, ends = self.start.astimezone(zone), self.end.astimezone(zone)
        facts = {
            "day": {"code": f"outlook.weekday_{begins.weekday()}", "facts": {}},
            "from": begins.strftime("%H:%M"),
            "until": ends.strftime("%H:%M"),
            "customers": round(self.expected),
            "load": round(100 * self.load),
        }
        return {
            "from": self.start.isoformat(),
            "until": self.end.isoformat(),
            "period": self.period,
            "expected": round(self.expected, 1),
            "load": round(self.load, 3),
            "counters": self.counters,
            "text": {"code": f"outlook.stretch_{self.period}", "facts": facts},
            "plays": [dict(words) for words in self.plays],
        }


@dataclass(frozen=True, slots=True)
class DayAhead:
    """One day of the week ahead; without half-hours the hall is closed."""

    day: date
    effects: tuple[DayEffect, ...]
    halves: tuple[Half, ...]
    stretches: tuple[Period, ...]

    def as_data(self, plan: Plan) -> dict[str, Any]:
        """Plain JSON, in the hall's local time."""
        reasons: list[Reason] = [effect.as_reason() for effect in self.effects]
        return {
            "day": self.day.isoformat(),
            "weekday": self.day.weekday(),
            "effects": [{"code": reason.code, "facts": dict(reason.facts)} for reason in reasons],
            "halves": [
                {
                    "start": half.start.isoformat(),
                    "time": half.start.astimezone(plan.hours.zone).strftime("%H:%M"),
                    "expected": round(half.expected, 1),
                    "load": round(half.load, 3),
                    "counters": half.counters,
                    "period": half.period,
                }
                for half in self.halves
            ],
            "stretches": [stretch.as_data(plan) for stretch in self.stretches],
        }


def week_ahead(plan: Plan, learned: Learned, first: date, days: int = DAYS) -> list[DayAhead]:
    """Forecast the days from `first` on: load, class of each half-hour, and the playbook's measures."""
    learned = fitted(learned, plan)
    return [_day(plan, learned, first + timedelta(days=n)) for n in range(days)]


def _day(plan: Plan, learned: Learned, day: date) -> DayAhead:
    ahead = forecast(plan, learned, day)
    halves = tuple(_halves(plan, ahead.quarters, requirement(plan, learned, ahead)))
    return DayAhead(day, ahead.effects, halves, tuple(_stretches(plan, learned, halves)))


def _halves(plan: Plan, quarters: Sequence[Quarter], needs: Sequence[FormulaNeed]) -> Iterator[Half]:
    both = zip(quarters, needs, strict=True)
    for start, grouped in groupby(both, key=lambda each: _half_of(each[0].start, plan)):
        needs_in_half = list(grouped)
        load = sum(need.load for _, need in needs_in_half) / len(needs_in_half)
        yield Half(
            start=start,
            expected=sum(quarter.total.expected for quarter, _ in needs_in_half),
            load=load / max(len(plan.counters), 1),
            counters=max(need.counters for _, need in needs_in_half),
            period=period(load, plan),
        )


def _half_of(start: datetime, plan: Plan) -> datetime:
    """Start of the half-hour in the hall's local time."""
    return start - timedelta(minutes=start.astimezone(plan.hours.zone).minute % 30)


def _stretches(plan: Plan, learned: Learned, halves: Sequence[Half]) -> Iterator[Period]:
    run: list[Half] = []
    for half in (*halves, None):
        if run and (half is None or half.period != run[-1].period or half.start != run[-1].start + HALF):
            yield _stretch(plan, learned, run)
            run = []
        if half is not None:
            run.append(half)


def _stretch(plan: Plan, learned: Learned, run: Sequence[Half]) -> Period:
    start, end = run[0].start, run[-1].start + HALF
    expected, counters = sum(half.expected for half in run), max(half.counters for half in run)
    minutes = (end - start).total_seconds() / 60
    facts = {"counters": str(counters), "customers": str(round(expected))}
    plays = [
        words
        for play in plan.playbook.plays.get(run[0].period, ())
        if play.at_least_minutes <= minutes and (words := _filled(play, plan, learned, facts)) is not None
    ]
    load = sum(half.load for half in run) / len(run)
    return Period(start, end, run[0].period, expected, load, counters, tuple(plays))


def _filled(play: PlaybookEntry, plan: Plan, learned: Learned, facts: Mapping[str, str]) -> Words | None:
    """The playbook entry's text with its figures; None if it needs short services and the hall has none."""
    short = [
        service for key, service in plan.services.items() if learned.times[key].mean <= plan.playbook.express_minutes
    ]
    if "{services}" in "".join(play.text.values()) and not short:
        return None
    names = listed([service.name for service in short], plan.languages)
    return {lang: text.format(services=names.get(lang, ""), **facts) for lang, text in play.text.items()}
