"""Which days are not like others, and by how much: holidays and the days around them, month ends, bills, the hall's events.

The factor of a kind of day is who came on such days before against who is usual for their weekdays, held towards the plan's
factor (1 where it gives none) with the weight of two days: without a history the plan speaks, with five month ends they do.
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
"""So many days seen weigh as much as the plan's factor."""
UNSURE = 0.2
"""How far a factor may be off that nobody has seen yet."""
LONGEST_RUN = 12
ORDINARY_DAYS = 5
"""With fewer ordinary days than these, holidays too teach the week."""
SATURDAY = 5
SOURCE = "en_US"
"""Only its words tell that a day is off in exchange for another: in this language of the library they are read."""
IN_EXCHANGE = "substituted"


@dataclass(frozen=True, slots=True)
class DayKind:
    """One thing that is special of a day."""

    key: str
    factor: float
    name: Words = field(default_factory=dict)
    """What it is called, where it has a name of its own."""
    services: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Effect:
    """What one thing that is special of a day does to its arrivals."""

    kind: DayKind
    factor: float
    days: int
    """Such days seen before."""

    def of(self, service: str) -> float:
        """The factor of a service's arrivals."""
        return self.factor if not self.kind.services or service in self.kind.services else 1.0

    @property
    def variance(self) -> float:
        """How far the factor may be off."""
        return UNSURE**2 * PLANNED_DAYS / (PLANNED_DAYS + self.days)

    def said(self) -> Reason:
        """In words: what it is, by how much, and from how many days that is known."""
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


def effects_of(plan: Plan, seen: Mapping[str, Sequence[float]], day: date) -> tuple[Effect, ...]:
    """What is special of a day; `seen` are the factors and days that a history has taught, by kind."""
    found = []
    for kind in kinds_of(plan.calendar, day):
        factor, days = seen.get(kind.key, (kind.factor, 0))
        found.append(Effect(kind, float(factor), int(days)))
    return tuple(found)


def learn_effects(
    counts: Floats, usual: Floats, days: Sequence[date], plan: Plan
) -> tuple[dict[str, tuple[float, int]], Floats]:
    """Factor and number of days of each kind seen, and every day's factor by service, shape (days, services).

    `counts` are arrivals and `usual` what is usual for the weekday, by (day, service). Kinds that fall on the same days share
    what they explain: each is told against what the others already do.
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
            due = float((usual[rows] * each[rows]).sum())
            if due > 0:
                held = PLANNED_DAYS * due / len(at)
                factor = (float(counts[rows].sum()) + kind.factor * held) / (due + held)
                factors[key] = min(max(factor, 0.1), 5.0)
            each[rows] *= factors[key]
    return {key: (round(factors[key], 4), len(at)) for key, (_, at) in kinds.items()}, each


def is_ordinary(rules: CalendarRules, day: date) -> bool:
    """Whether the day may teach what is usual for its weekday."""
    return not any(kind.key in ("holiday", "makeup_workday") for kind in kinds_of(rules, day))


def weekdays_like(plan: Plan, day: date) -> list[int]:
    """The weekdays whose rhythm the day has: its own, or for a weekend day that is worked those from Monday to Friday."""
    swapped = any(kind.key == "makeup_workday" for kind in kinds_of(plan.calendar, day))
    return list(range(SATURDAY)) if swapped else [day.weekday()]


def kinds_of(rules: CalendarRules, day: date) -> tuple[DayKind, ...]:
    """Everything that is special of a day."""
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


Of = tuple[str, str | None, tuple[Language, ...]]
"""Whose holidays: a country, a part of it, and the languages in which they have a name."""


@lru_cache(maxsize=4096)
def _around_holidays(
    country: str, subdivision: str | None, languages: tuple[Language, ...], day: date
) -> tuple[str, dict[str, str]] | None:
    """A holiday, a weekend within its days off, a weekend day worked for it, or the working day next to it; with its name."""
    of = country, subdivision, languages
    if _off(of, day):
        run = [day, *_run(of, day, 1), *_run(of, day, -1)]
        name = _name(of, [day, *sorted(run)])
        return ("holiday", name) if name else None
    if name := _name(of, _run(of, day, 1)):
        return ("makeup_workday" if day.weekday() >= SATURDAY else "before_holiday"), name
    if name := _name(of, _run(of, day, -1)):
        return ("makeup_workday" if day.weekday() >= SATURDAY else "after_holiday"), name
    return ("makeup_workday", {}) if day.weekday() >= SATURDAY else None


def _run(of: Of, day: date, step: int) -> list[date]:
    """The days off that follow, or go before, without a break."""
    found: list[date] = []
    while len(found) < LONGEST_RUN:
        day += timedelta(days=step)
        if not _off(of, day):
            break
        found.append(day)
    return found


def _off(of: Of, day: date) -> bool:
    year, worked, _ = _year(*of, day.year)
    return day in year or (day.weekday() >= SATURDAY and day not in worked)


def _name(of: Of, days: Sequence[date]) -> dict[str, str]:
    """The first of these days that is a holiday gives its name, and one that has a name of its own before a day in exchange."""
    named = [(day, *_year(*of, day.year)[::2]) for day in days]
    holidays = [(names[day], names[day] not in proper) for day, names, proper in named if day in names]
    return dict(min(holidays, key=lambda found: found[1])[0]) if holidays else {}


@lru_cache(maxsize=64)
def _year(
    country: str, subdivision: str | None, languages: tuple[Language, ...], year: int
) -> tuple[dict[date, dict[str, str]], frozenset[date], tuple[dict[str, str], ...]]:
    """A year's holidays with their names, the weekend days worked, and the names that are a holiday's own."""
    # imported here: a server that is asked for no forecast never loads it
    import holidays

    def told(locale: str | None) -> Any:
        return holidays.country_holidays(country, subdiv=subdivision, years=year, language=locale)

    known = holidays.list_localized_countries().get(country, [])
    source = told(SOURCE if SOURCE in known else None)
    said = {language.code: told(_locale(language, known)) for language in languages}
    names = {
        day: {code: _plain(year_in.get(day, name)) for code, year_in in said.items()}
        for day, name in source.items()
        if day.year == year
    }
    worked = frozenset(day for day in getattr(source, "weekend_workdays", ()) if day.year == year)
    proper = tuple(names[day] for day, name in source.items() if day in names and IN_EXCHANGE not in name)
    return names, worked, proper


def _locale(language: Language, known: Sequence[str]) -> str | None:
    """How the library names a language: by its tag, else another of its kind, else the library's own or the country's."""
    tag = language.tag.replace("-", "_")
    family = [locale for locale in known if locale.partition("_")[0] == tag.partition("_")[0]]
    if tag in family:
        return tag
    return SOURCE if SOURCE in family or (not family and SOURCE in known) else next(iter(family), None)


def _plain(name: str) -> str:
    """A holiday's name alone: not that it was moved, nor what falls on the same day."""
    return name.partition("; ")[0].partition(" (")[0].partition("（")[0].strip()
