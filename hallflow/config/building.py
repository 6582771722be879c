"""Mapping from validated files to the domain model: the immutable plan of each hall."""

from collections.abc import Mapping
from datetime import date
from typing import TypeVar
from zoneinfo import ZoneInfo

from hallflow.config.rostering import build_roster
from hallflow.config.shapes import (
    CounterShape,
    FormFile,
    HallFile,
    HallflowFile,
    ScreensShape,
    ServicesFile,
    ServiceShape,
    TiersFile,
)
from hallflow.config.staffing import PlaybookShape, StaffingFile
from hallflow.config.values import DAYS, Shape, clock_time, spans
from hallflow.domain.calendar import CalendarRules, HallEvent
from hallflow.domain.hours import Hours
from hallflow.domain.languages import Language
from hallflow.domain.plan import (
    AlertRules,
    CounterPlan,
    Document,
    Plan,
    Rules,
    Service,
    ServiceGroup,
    StaffingRules,
    Tier,
)
from hallflow.domain.playbook import PERIODS, Playbook, PlaybookEntry
from hallflow.domain.prefill import Field, Form, Option

S = TypeVar("S", bound=Shape)


def build_plan(
    key: str,
    hall: HallFile,
    common: HallflowFile,
    services: ServicesFile,
    tiers: TiersFile,
    staffing: StaffingFile,
    forms: Mapping[str, FormFile],
    *,
    languages: tuple[Language, ...],
    demo: bool,
) -> Plan:
    """The plan of one hall, with the company's services that it offers."""
    offered = {name: _service(name, services.services[name]) for name in hall.services}
    groups = {service.group for service in offered.values()}
    used = {service.form for service in offered.values() if service.form}
    return Plan(
        hall=key,
        name=hall.name,
        hours=_hours(hall, demo=demo),
        groups=tuple(ServiceGroup(g, s.name, s.icon) for g, s in services.groups.items() if g in groups),
        services=offered,
        tiers=_tiers(tiers),
        counters={name: _counter(name, counter) for name, counter in hall.counters.items()},
        forms={name: _form(name, form) for name, form in forms.items() if name in used},
        rules=Rules(**_over(common.rules, hall.rules).model_dump()),
        standard_tier=tiers.standard,
        where_to_wait=hall.where_to_wait,
        notice=hall.notice,
        elsewhere=hall.elsewhere,
        pause_reasons=hall.pause_reasons or common.pause_reasons,
        outcomes=hall.outcomes or common.outcomes,
        calendar=_calendar(common, hall, languages),
        roster=build_roster(key, staffing),
        playbook=_playbook(key, staffing.playbook),
        alerts=AlertRules(**_over(common.alerts, hall.alerts).model_dump()),
        screens=_screens(hall.screens),
        map=tuple(" ".join(row.split()) for row in hall.map),
        staffing=StaffingRules(**_over(staffing.all, staffing.halls.get(key)).model_dump()),
        languages=languages,
    )


def _screens(said: ScreensShape) -> dict[str, int]:
    """How many screens of each kind are installed."""
    found = {"kiosk": said.kiosk, "wall": said.wall} | {f"window:{key}": 1 for key in said.windows}
    return {name: count for name, count in found.items() if count}


def _calendar(common: HallflowFile, hall: HallFile, languages: tuple[Language, ...]) -> CalendarRules:
    """The calendar effects; each factor of a hall overrides the company's."""
    said, offered = _over(common.calendar, hall.calendar), set(hall.services)
    return CalendarRules(
        country=None if said.country == "none" else said.country,
        subdivision=said.subdivision,
        billing_days=frozenset(said.billing_days),
        billing_services=frozenset(said.billing_services) & offered,
        month_end_days=said.month_end_days,
        factors=_over(common.calendar.factors, hall.calendar.factors).model_dump(),
        events=tuple(
            HallEvent(
                event.name,
                frozenset(date.fromisoformat(day) for day in event.dates),
                event.factor,
                frozenset(event.services),
            )
            for event in hall.events
        ),
        languages=languages,
    )


def _playbook(hall: str, said: PlaybookShape) -> Playbook:
    """The playbook's entries for this hall."""
    plays = {
        period: tuple(
            PlaybookEntry(play.text, play.at_least_minutes)
            for play in getattr(said, period)
            if not play.halls or hall in play.halls
        )
        for period in PERIODS
    }
    return Playbook(plays, said.express_minutes)


def _over(common: S, own: S | None) -> S:
    """A hall's own settings, with the company's as defaults."""
    return common.model_copy(update=own.model_dump(exclude_unset=True)) if own else common


def _hours(hall: HallFile, *, demo: bool) -> Hours:
    week = {}
    for number, day in enumerate(DAYS):
        span = hall.hours.get(day, hall.hours.get("weekdays" if number < 5 else "weekend", []))
        week[number] = spans(span)
    special = {date.fromisoformat(day): spans(span) for day, span in hall.special_days.items()}
    return Hours(ZoneInfo(hall.zone), week, special, clock_time(hall.day_starts), always=demo)


def _service(key: str, shape: ServiceShape) -> Service:
    return Service(
        key=key,
        name=shape.name,
        help=shape.help,
        group=shape.group,
        icon=shape.icon,
        letter=shape.letter,
        minutes=shape.minutes,
        form=shape.form,
        documents=tuple(Document(paper.name, paper.needed) for paper in shape.documents),
    )


def _tiers(file: TiersFile) -> dict[str, Tier]:
    return {
        key: Tier(
            key=key,
            name=tier.name,
            color=tier.color,
            rank=rank,
            goal_share=tier.goal.share,
            goal_minutes=tier.goal.minutes,
            guard_minutes=tier.guard_minutes,
            overtaken_at_most=tier.overtaken_at_most,
            rate=tier.rate,
            weight=tier.weight,
            card_prefixes=tuple(tier.card_prefixes),
        )
        for rank, (key, tier) in enumerate(file.tiers.items())
    }


def _counter(key: str, shape: CounterShape) -> CounterPlan:
    return CounterPlan(key, shape.name, tuple(shape.services), shape.where)


def _form(key: str, file: FormFile) -> Form:
    fields = tuple(
        Field(
            key=name,
            kind=shape.kind,
            label=shape.label,
            help=shape.help,
            required=shape.required,
            choices=tuple(Option(value, label) for value, label in shape.choices.items()),
            max=shape.max,
            example=shape.example,
        )
        for name, shape in file.fields.items()
    )
    return Form(key, file.title, fields)
