"""Calendar effects on arrivals: holidays and the days around them, month ends, billing days and the hall's own events.

Each kind of day multiplies the arrivals of its weekday by a factor: arrivals on such days over those usual for their weekdays,
shrunk towards the plan's factor (1 where it gives none) with the weight of two days.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hallflow.domain.calendar import CalendarRules
from hallflow.domain.events import Reason
from hallflow.domain.languages import Language, Words, spoken
from hallflow.domain.plan import Plan
from hallflow.foresight.arrays import Floats

PLANNED_DAYS = 2.0
"""Prior weight: the plan's factor counts as much as this many days."""
UNSURE = 0.2
"""Standard deviation of a factor that no day has been observed for."""
LONGEST_RUN = 12
ORDINARY_DAYS = 5
"""With fewer ordinary days than these, holidays are used for the weekly profile as well."""
SATURDAY = 5
SOURCE = "en_US"
"""Locale in which the library's names are searched for IN_EXCHANGE: only the name says that a day is off in exchange for another."""
IN_EXCHANGE = "substituted"


@dataclass(frozen=True, slots=True)
class DayKind:
    """One calendar effect that applies to a day: its key and the plan's factor."""

    key: str
    factor: float
    name: Words = field(default_factory=dict)
    """Display name by language, for kinds that have one of their own."""
    services: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class DayEffect:
    """A calendar effect with its estimated factor on arrivals."""

    kind: DayKind
    factor: float
    days: int
    """Number of such days in the history."""

    def of(self, service: str) -> float:
        """Factor on a service's arrivals."""
        return self.factor if not self.kind.services or service in self.kind.services else 1.0

    @property
    def variance(self) -> float:
        """Variance of the factor's estimate."""
        return UNSURE**2 * PLANNED_DAYS / (PLANNED_DAYS + self.days)

    def as_reason(self) -> Reason:
        """The effect as a reason to show: its kind, its size in per cent, and the number of days it was estimated from."""
        key = self.kind.key.partition(":")[0]
        what: Any = dict(self.kind.name) if key == "event" else _kind(key, self.kind.name)
        if self.kind.services:
            what = {"code": "outlook.kind_for_some", "facts": {"what": what}}
        percent = round(100 * (self.factor - 1))
        facts = {"what": what, "percent": f"{percent:+d}", "days": self.days}
        if self.days:
            return Reason("outlook.effect_once" if self.days == 1 else "outlook.effect_seen", facts)
        return Reason("outlook.effect_planned" if percent else "outlook.effect_unknown", facts)


def _kind(key: str, name: Words) -> dict[str, Any]:
    return {"code": f"outlook.kind_{key}", "facts": {"name": dict(name)} if name else {}}


def effects_of(plan: Plan, learned: Mapping[str, Sequence[float]], day: date) -> tuple[DayEffect, ...]:
    """Calendar effects of a day. `learned` maps a kind's key to its estimated factor and the number of days behind it."""
    effects = []
    for kind in kinds_of(plan.calendar, day):
        factor, days = learned.get(kind.key, (kind.factor, 0))
        effects.append(DayEffect(kind, float(factor), int(days)))
    return tuple(effects)


def learn_effects(
    counts: Floats, usual: Floats, days: Sequence[date], plan: Plan
) -> tuple[dict[str, tuple[float, int]], Floats]:
    """Estimate each kind's factor, with its number of days, and every day's combined factor, shape (days, services).

    `counts` are arrivals and `usual` those expected for the weekday, both (days, services). Kinds that fall on the same days
    are estimated in turn (backfitting), each on what the factors of the others leave unexplained.
    """
    kinds: dict[str, tuple[DayKind, NDArray[np.int64]]] = {}
    for n, day in enumerate(days):
        for kind in kinds_of(plan.calendar, day):
            known = kinds.get(kind.key)
            kinds[kind.key] = (kind, np.append(known[1] if known else [], n).astype(np.int64))
    services = list(plan.services)
    factors = {key: kind.factor for key, (kind, _) in kinds.items()}
    each = np.ones_like(usual)
    for _ in range(3):
        for key, (kind, at) in kinds.items():
            mine = np.array([not kind.services or service in kind.services for service in services])
            rows = np.ix_(at, mine.nonzero()[0])
            each[rows] = 1.0
            for other, (others_kind, others_at) in kinds.items():
                if other != key:
                    theirs = [not others_kind.services or s in others_kind.services for s in services]
                    each[np.ix_(np.intersect1d(at, others_at), (mine & theirs).nonzero()[0])] *= factors[other]
            expected = float((usual[rows] * each[rows]).sum())
            if expected > 0:
                prior = PLANNED_DAYS * expected / len(at)
                factor = (float(counts[rows].sum()) + kind.factor * prior) / (expected + prior)
                factors[key] = min(max(factor, 0.1), 5.0)
            each[rows] *= factors[key]
    return {key: (round(factors[key], 4), len(at)) for key, (_, at) in kinds.items()}, each


def is_ordinary(rules: CalendarRules, day: date) -> bool:
    """Whether the day may be used to estimate its weekday's profile."""
    return not any(kind.key in ("holiday", "makeup_workday") for kind in kinds_of(rules, day))


def weekdays_like(plan: Plan, day: date) -> list[int]:
    """Weekdays whose profile applies to the day: its own, or Monday to Friday for a weekend day that is a working day."""
    swapped = any(kind.key == "makeup_workday" for kind in kinds_of(plan.calendar, day))
    return list(range(SATURDAY)) if swapped else [day.weekday()]


def kinds_of(rules: CalendarRules, day: date) -> tuple[DayKind, ...]:
    """All kinds of special day that apply to a date."""
    return tuple(_kinds(rules, day))


def _kinds(rules: CalendarRules, day: date) -> Iterator[DayKind]:
    if rules.country is not None:
        around = _around_holidays(rules.country, rules.subdivision, rules.languages, day)
        if around is not None:
            key, name = around
            yield DayKind(key, rules.factors.get(key, 1.0), name)
    if (day + timedelta(days=rules.month_end_days)).month != day.month:
        yield DayKind("month_end", rules.factors.get("month_end", 1.0))
    if day.day in rules.billing_days:
        yield DayKind("billing", rules.factors.get("billing", 1.0), services=rules.billing_services)
    for event in rules.events:
        if day in event.dates:
            key = f"event:{spoken(event.name, rules.languages[0].code)}"
            yield DayKind(key, event.factor, event.name, event.services)


Region = tuple[str, str | None, tuple[Language, ...]]
"""Country, its part, and the languages in which holidays are named."""


@lru_cache(maxsize=4096)
def _around_holidays(
    country: str, subdivision: str | None, languages: tuple[Language, ...], day: date
) -> tuple[str, dict[str, str]] | None:
    """The kind and name of the nearest holiday: the day itself, a bridged weekend, a make-up working day, the working day
    before or after.
    """
    region = country, subdivision, languages
    if _off(region, day):
        run = [day, *_run(region, day, 1), *_run(region, day, -1)]
        name = _name(region, [day, *sorted(run)])
        return ("holiday", name) if name else None
    if name := _name(region, _run(region, day, 1)):
        return ("makeup_workday" if day.weekday() >= SATURDAY else "before_holiday"), name
    if name := _name(region, _run(region, day, -1)):
        return ("makeup_workday" if day.weekday() >= SATURDAY else "after_holiday"), name
    return ("makeup_workday", {}) if day.weekday() >= SATURDAY else None


def _run(region: Region, day: date, step: int) -> list[date]:
    """Consecutive days off after the day (step 1) or before it (step -1)."""
    days: list[date] = []
    while len(days) < LONGEST_RUN:
        day += timedelta(days=step)
        if not _off(region, day):
            break
        days.append(day)
    return days


def _off(region: Region, day: date) -> bool:
    year, worked, _ = _year(*region, day.year)
    return day in year or (day.weekday() >= SATURDAY and day not in worked)


def _name(region: Region, days: Sequence[date]) -> dict[str, str]:
    """Name of the first holiday among the days; one with a name of its own is preferred to a day granted in exchange."""
    named = [(day, *_year(*region, day.year)[::2]) for day in days]
    holidays = [(names[day], names[day] not in proper) for day, names, proper in named if day in names]
    return dict(min(holidays, key=lambda named: named[1])[0]) if holidays else {}


@lru_cache(maxsize=64)
def _year(
    country: str, subdivision: str | None, languages: tuple[Language, ...], year: int
) -> tuple[dict[date, dict[str, str]], frozenset[date], tuple[dict[str, str], ...]]:
    """A year's holidays with their names, its weekend working days, and the names that are a holiday's own."""
    # imported here: a server that is asked for no forecast never loads it
    import holidays

    def in_locale(locale: str | None) -> Any:
        return holidays.country_holidays(country, subdiv=subdivision, years=year, language=locale)

    known = holidays.list_localized_countries().get(country, [])
    source = in_locale(SOURCE if SOURCE in known else None)
    by_language = {language.code: in_locale(_locale(language, known)) for language in languages}
    names = {
        day: {code: _plain(year_in.get(day, name)) for code, year_in in by_language.items()}
        for day, name in source.items()
        if day.year == year
    }
    worked = frozenset(day for day in getattr(source, "weekend_workdays", ()) if day.year == year)
    proper = tuple(names[day] for day, name in source.items() if day in names and IN_EXCHANGE not in name)
    return names, worked, proper


def _locale(language: Language, known: Sequence[str]) -> str | None:
    """The library's locale for a language: its tag, else another of its family, else English, else the country's own."""
    tag = language.tag.replace("-", "_")
    family = [locale for locale in known if locale.partition("_")[0] == tag.partition("_")[0]]
    if tag in family:
        return tag
    return SOURCE if SOURCE in family or (not family and SOURCE in known) else next(iter(family), None)


def _plain(name: str) -> str:
    """The holiday's name without remarks in brackets or a second holiday of the same day."""
    return name.partition("; ")[0].partition(" (")[0].partition("（")[0].strip()
