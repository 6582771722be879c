"""The shape of each file of a plan: which settings there are and what each may be.

Names that one file takes from another (a service, a form) are not looked at here; see agreement.py.
"""

import re
from datetime import date, time
from itertools import pairwise
from string import Formatter
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from hallflow.domain.estimates import CHOICES
from hallflow.domain.hours import Span
from hallflow.domain.playbook import BLANKS
from hallflow.domain.policies import POLICIES
from hallflow.domain.prefill import KINDS

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Share = Annotated[float, Field(gt=0, le=1)]
Minutes = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(ge=0)]
Factor = Annotated[float, Field(ge=0.05, le=10)]


def is_key(value: str) -> bool:
    """Whether this may stand in an address and in a row: small letters, digits, _ and -."""
    return re.fullmatch(r"[a-z0-9][a-z0-9_-]*", value) is not None


def _key(value: str) -> str:
    if not is_key(value):
        raise ValueError(f"{value!r} cannot be a key: use small letters, digits, _ and -")
    return value


def _letter(value: str) -> str:
    if not re.fullmatch(r"[A-Z]", value):
        raise ValueError("must be one capital letter, A to Z")
    return value


def _color(value: str) -> str:
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}", value):
        raise ValueError("must be a colour such as #0B7A75")
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as bad:
        raise ValueError(f"no time zone is called {value!r}; write for example 'Asia/Shanghai'") from bad
    return value


def _policy(value: str) -> str:
    if value not in POLICIES:
        raise ValueError(f"no policy is called {value!r}; there are {', '.join(POLICIES)}")
    return value


def _estimator(value: str) -> str:
    if value not in CHOICES:
        raise ValueError(f"no estimator is called {value!r}; there are {', '.join(CHOICES)}")
    return value


def _address(value: str) -> str:
    if not re.fullmatch(r"https?://[^/\s]+", value):
        raise ValueError("must be an address such as https://hall.example.com, without anything after the name")
    return value


def _country(value: str) -> str:
    import holidays  # only where a plan is read: it is large

    if value != "none" and value not in holidays.list_supported_countries():
        raise ValueError(f"no country is called {value!r}; write its two letters, such as 'CN', or 'none'")
    return value


def _kind(value: str) -> str:
    if value not in KINDS:
        raise ValueError(f"no kind of question is called {value!r}; there are {', '.join(sorted(KINDS))}")
    return value


def clock_time(value: str) -> time:
    """A time of day written as 08:30."""
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        raise ValueError(f"{value!r} is not a time from 00:00 to 23:59")
    return time.fromisoformat(value)


def spans(values: list[str]) -> tuple[Span, ...]:
    """Open spans written as ["08:30-12:00", "14:00-17:30"]; [] is a closed day."""
    read: list[Span] = []
    for value in values:
        start, dash, end = value.partition("-")
        if not dash:
            raise ValueError(f"{value!r} is not a span such as 08:30-17:30")
        span = (clock_time(start.strip()), clock_time(end.strip()))
        if span[0] >= span[1]:
            raise ValueError(f"{value!r} ends before it starts")
        read.append(span)
    read.sort()
    for (a, b), (c, d) in pairwise(read):
        if c < b:
            raise ValueError(f"{a:%H:%M}-{b:%H:%M} and {c:%H:%M}-{d:%H:%M} overlap")
    return tuple(read)


def _spans_text(values: list[str]) -> list[str]:
    spans(values)
    return values


def _day(value: str) -> str:
    try:
        date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{value!r} is not a day such as 2026-10-01") from None
    return value


def _time_text(value: str) -> str:
    clock_time(value)
    return value


def _quarter_text(value: str) -> str:
    if clock_time(value).minute % 15:
        raise ValueError(f"{value} is not on a quarter-hour")
    return value


Key = Annotated[str, AfterValidator(_key)]
Spans = Annotated[list[str], AfterValidator(_spans_text)]


class Shape(BaseModel):
    """A table of a file: what it does not know is a fault."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class WordsShape(Shape):
    """One meaning in each language."""

    zh: Said
    en: Said


class DocumentShape(Shape):
    """A paper to bring."""

    name: WordsShape
    needed: bool = True


class GroupShape(Shape):
    """[groups.<key>] of services.toml."""

    name: WordsShape
    icon: Said


class ServiceShape(Shape):
    """[services.<key>] of services.toml."""

    name: WordsShape
    help: WordsShape
    group: str
    icon: Said
    letter: Annotated[str, AfterValidator(_letter)]
    minutes: Annotated[float, Field(gt=0, le=480)]
    form: str | None = None
    documents: list[DocumentShape] = []


class ServicesFile(Shape):
    """services.toml."""

    groups: dict[Key, GroupShape]
    services: dict[Key, ServiceShape]


class GoalShape(Shape):
    """So large a share of customers within so many minutes."""

    share: Share
    minutes: Minutes


class TierShape(Shape):
    """[tiers.<key>] of tiers.toml."""

    name: WordsShape
    color: Annotated[str, AfterValidator(_color)]
    goal: GoalShape
    guard_minutes: Minutes
    overtaken_at_most: Annotated[int, Field(ge=1)]
    rate: Annotated[float, Field(gt=0)] = 1.0
    weight: Annotated[float, Field(gt=0)] = 1.0
    card_prefixes: list[Said] = []

    @model_validator(mode="after")
    def _guard_is_after_goal(self) -> "TierShape":
        if self.guard_minutes < self.goal.minutes:
            raise ValueError(
                f"guard_minutes ({self.guard_minutes:g}) comes before the goal ({self.goal.minutes:g} minutes)"
            )
        return self


class TiersFile(Shape):
    """tiers.toml; the best tier first."""

    standard: str = "standard"
    tiers: dict[Key, TierShape]


class FieldShape(Shape):
    """[fields.<key>] of a form."""

    kind: Annotated[str, AfterValidator(_kind)]
    label: WordsShape
    help: WordsShape | None = None
    required: bool = True
    choices: dict[Said, WordsShape] = {}
    max: Annotated[int, Field(gt=0)] | None = None
    example: Said | None = None


class FormFile(Shape):
    """forms/<form>.toml."""

    title: WordsShape
    fields: dict[Key, FieldShape]


class RulesShape(Shape):
    """[rules]: what is left out stays as it is for all halls."""

    policy: Annotated[str, AfterValidator(_policy)] = "attainment"
    ratio: Annotated[int, Field(ge=1)] = 3
    recalls_at_most: Count = 3
    requeues_at_most: Count = 2
    requeue_places: Annotated[int, Field(ge=1)] = 3
    late_next: Count = 3
    late_back: Count = 5
    missed_after_minutes: Minutes = 5.0
    missed_kept_minutes: Minutes = 60.0
    closing_grace_minutes: Minutes = 120.0
    waiting_at_most: Annotated[int, Field(ge=1)] = 5000
    recovery_after_minutes: Annotated[float, Field(ge=0, le=240)] = 5.0
    estimator: Annotated[str, AfterValidator(_estimator)] = "auto"


class RetentionShape(Shape):
    """[retention]: how long is kept what could tell something of a person."""

    answers_days: Annotated[int, Field(ge=1)] = 1
    tickets_days: Annotated[int, Field(ge=1)] = 400


class FactorsShape(Shape):
    """[calendar.factors]: arrivals against an ordinary day, until such days have been seen."""

    holiday: Factor = 1.0
    before_holiday: Factor = 1.0
    after_holiday: Factor = 1.0
    makeup_workday: Factor = 1.0
    month_end: Factor = 1.0
    billing: Factor = 1.0


class CalendarShape(Shape):
    """[calendar]: which days are not like others; what is left out stays as it is for all halls."""

    country: Annotated[str, AfterValidator(_country)] = "CN"
    subdivision: Said | None = None
    billing_days: list[Annotated[int, Field(ge=1, le=31)]] = []
    billing_services: list[str] = []
    month_end_days: Annotated[int, Field(ge=0, le=10)] = 2
    factors: FactorsShape = FactorsShape()

    @model_validator(mode="after")
    def _subdivision_is_of_the_country(self) -> "CalendarShape":
        if self.subdivision is not None and self.country != "none":
            import holidays

            known = holidays.list_supported_countries().get(self.country, [])
            if self.subdivision not in known:
                raise ValueError(f"{self.country} has no part called {self.subdivision!r}")
        return self


class EventShape(Shape):
    """[[events]] of a hall."""

    name: WordsShape
    dates: Annotated[list[Annotated[str, AfterValidator(_day)]], Field(min_length=1)]
    factor: Factor = 1.0
    services: list[str] = []


class HallflowFile(Shape):
    """hallflow.toml."""

    name: WordsShape
    language: Literal["zh", "en"] = "zh"
    address: Annotated[str, AfterValidator(_address)] | None = None
    rules: RulesShape = RulesShape()
    retention: RetentionShape = RetentionShape()
    calendar: CalendarShape = CalendarShape()
    pause_reasons: dict[Key, WordsShape] = {}
    outcomes: dict[Key, WordsShape] = {}


class CounterShape(Shape):
    """[counters.<key>] of a hall."""

    name: WordsShape
    services: Annotated[list[str], Field(min_length=1)]
    where: WordsShape | None = None


class HallFile(Shape):
    """halls/<hall>.toml."""

    name: WordsShape
    zone: Annotated[str, AfterValidator(_zone)]
    services: list[str]
    hours: dict[str, Spans]
    special_days: dict[Annotated[str, AfterValidator(_day)], Spans] = {}
    day_starts: Annotated[str, AfterValidator(_time_text)] = "04:00"
    where_to_wait: WordsShape
    notice: WordsShape | None = None
    elsewhere: dict[Key, WordsShape] = {}
    counters: dict[Key, CounterShape]
    rules: RulesShape = RulesShape()
    calendar: CalendarShape = CalendarShape()
    events: list[EventShape] = []
    pause_reasons: dict[Key, WordsShape] = {}
    outcomes: dict[Key, WordsShape] = {}


class StaffingShape(Shape):
    """What the staffing sums assume; what is left out stays as it is for all halls."""

    goal_share: Share = 0.8
    goal_minutes: Minutes = 10.0
    patience_minutes: Minutes = 45.0
    abandoned_at_most: Annotated[float, Field(ge=0, le=1)] = 0.05
    past_guard_at_most: Annotated[float, Field(ge=0, le=1)] = 0.05
    no_show_share: Annotated[float, Field(ge=0, lt=1)] = 0.03
    walk_minutes: Annotated[float, Field(ge=0)] = 0.5
    busy_above: Annotated[float, Field(gt=0)] = 0.85
    quiet_below: Annotated[float, Field(gt=0)] = 0.5
    counters_at_least: Count = 1
    arrivals_per_hour: Annotated[float, Field(gt=0)] = 24.0


class BreakShape(Shape):
    """A pause within a shift."""

    minutes: Annotated[int, Field(gt=0, le=240, multiple_of=15)]
    earliest: Annotated[str, AfterValidator(_time_text)]
    latest: Annotated[str, AfterValidator(_time_text)]

    @model_validator(mode="after")
    def _fits(self) -> "BreakShape":
        first, last = clock_time(self.earliest), clock_time(self.latest)
        if (last.hour - first.hour) * 60 + last.minute - first.minute < self.minutes:
            raise ValueError(f"{self.minutes} minutes do not fit between {self.earliest} and {self.latest}")
        return self


class ShiftShape(Shape):
    """[shifts.<key>] of staffing.toml."""

    name: WordsShape
    starts: Annotated[list[Annotated[str, AfterValidator(_quarter_text)]], Field(min_length=1)]
    hours: Annotated[float, Field(gt=0, le=12, multiple_of=0.25)]
    breaks: list[BreakShape] = []
    paid_breaks: bool = False

    @model_validator(mode="after")
    def _some_work_is_left(self) -> "ShiftShape":
        if sum(each.minutes for each in self.breaks) >= self.hours * 60:
            raise ValueError("the breaks are as long as the shift")
        for start in self.starts:
            at = clock_time(start)
            if at.hour * 60 + at.minute + self.hours * 60 > 24 * 60:
                raise ValueError(f"begins at {start} and ends after midnight")
        return self


class RosterShape(Shape):
    """[roster] of staffing.toml: what a week may ask."""

    shrinkage: Annotated[float, Field(ge=0, lt=0.9)] = 0.0
    rest_hours: Annotated[float, Field(ge=0, le=24)] = 11.0
    days_at_most: Annotated[int, Field(ge=1, le=7)] = 5


class PersonShape(Shape):
    """[people.<hall>.<key>] of staffing.toml."""

    name: Said
    certificates: list[str] | None = None
    hours: Annotated[float, Field(gt=0, le=84)] = 40.0
    away: list[Annotated[str, AfterValidator(_day)]] = []
    off: list[Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]] = []
    likes: list[str] = []


class PlayShape(Shape):
    """[[playbook.<period>]]: one thing to do."""

    text: WordsShape
    at_least_minutes: Annotated[float, Field(ge=0)] = 30.0
    halls: list[str] = []

    @model_validator(mode="after")
    def _blanks_can_be_filled(self) -> "PlayShape":
        for text in (self.text.zh, self.text.en):
            try:
                blanks = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
            except ValueError:
                raise ValueError(f"{text!r} has a bracket that is not closed") from None
            if unknown := sorted(blanks - BLANKS):
                known = ", ".join(f"{{{name}}}" for name in sorted(BLANKS))
                raise ValueError(f"nothing fills in {{{unknown[0]}}}; there are {known}")
        return self


class PlaybookShape(Shape):
    """[playbook]: what to do in each kind of period."""

    express_minutes: Annotated[float, Field(gt=0)] = 6.0
    busy: list[PlayShape] = []
    normal: list[PlayShape] = []
    quiet: list[PlayShape] = []


class StaffingFile(Shape):
    """staffing.toml."""

    all: StaffingShape = StaffingShape()
    playbook: PlaybookShape = PlaybookShape()
    halls: dict[str, StaffingShape] = {}
    shifts: dict[Key, ShiftShape] = {}
    roster: RosterShape = RosterShape()
    people: dict[str, dict[Key, PersonShape]] = {}
