"""The schema of each file of a plan but staffing.toml: which settings there are and what each may be.

References from one file to another (a service, a form) are not checked here; see agreement/.
"""

from typing import Annotated

from pydantic import Field, model_validator

from hallflow.config.values import (
    Address,
    Color,
    Count,
    Country,
    Day,
    Estimator,
    Factor,
    Key,
    Kind,
    LanguageCode,
    Letter,
    MapRow,
    Minutes,
    Policy,
    Said,
    Shape,
    Share,
    Spans,
    TimeOfDay,
    WordsShape,
    Zone,
)


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
    letter: Letter
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
    color: Color
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

    kind: Kind
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

    policy: Policy = "attainment"
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
    estimator: Estimator = "auto"


class AlertsShape(Shape):
    """[alerts]: from when on the manager is told; what is left out stays as it is for all halls."""

    near_guard_share: Share = 0.8
    queue_minutes: Minutes = 30.0
    queue_people: Annotated[int, Field(ge=1)] = 5
    idle_minutes: Minutes = 3.0
    called_minutes: Minutes = 4.0
    long_service_times: Annotated[float, Field(ge=1)] = 2.0
    long_service_minutes: Annotated[float, Field(ge=0)] = 5.0
    not_finished_times: Annotated[float, Field(ge=1)] = 4.0
    not_finished_minutes: Annotated[float, Field(ge=0)] = 20.0
    parked_minutes: Minutes = 60.0
    absent_minutes: Minutes = 5.0
    screen_silent_minutes: Annotated[float, Field(ge=1)] = 2.0
    screen_seen_minutes: Annotated[float, Field(ge=0)] = 30.0
    screen_forgotten_minutes: Minutes = 60.0


class ScreensShape(Shape):
    """[screens] of a hall: what is installed there, and on whenever the hall is open."""

    kiosk: Annotated[int, Field(ge=0, le=50)] = 0
    wall: Annotated[int, Field(ge=0, le=50)] = 0
    windows: list[str] = []


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

    country: Country = "CN"
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
    dates: Annotated[list[Day], Field(min_length=1)]
    factor: Factor = 1.0
    services: list[str] = []


class HallflowFile(Shape):
    """hallflow.toml."""

    name: WordsShape
    language: LanguageCode | None = None
    languages: Annotated[list[LanguageCode], Field(min_length=1)] | None = None
    address: Address | None = None
    rules: RulesShape = RulesShape()
    alerts: AlertsShape = AlertsShape()
    retention: RetentionShape = RetentionShape()
    calendar: CalendarShape = CalendarShape()
    pause_reasons: dict[Key, WordsShape] = {}
    outcomes: dict[Key, WordsShape] = {}

    @model_validator(mode="after")
    def _one_language_is_the_first(self) -> "HallflowFile":
        if self.languages and len(set(self.languages)) < len(self.languages):
            raise ValueError("languages: each stands in it once")
        if self.language and self.languages and self.language != self.languages[0]:
            raise ValueError(f"languages begins with {self.languages[0]!r}: leave out language = {self.language!r}")
        return self


class CounterShape(Shape):
    """[counters.<key>] of a hall."""

    name: WordsShape
    services: Annotated[list[str], Field(min_length=1)]
    where: WordsShape | None = None


class HallFile(Shape):
    """halls/<hall>.toml."""

    name: WordsShape
    zone: Zone
    services: list[str]
    hours: dict[str, Spans]
    special_days: dict[Day, Spans] = {}
    day_starts: TimeOfDay = "04:00"
    where_to_wait: WordsShape
    notice: WordsShape | None = None
    elsewhere: dict[Key, WordsShape] = {}
    counters: dict[Key, CounterShape]
    map: list[MapRow] = []
    screens: ScreensShape = ScreensShape()
    rules: RulesShape = RulesShape()
    alerts: AlertsShape = AlertsShape()
    calendar: CalendarShape = CalendarShape()
    events: list[EventShape] = []
    pause_reasons: dict[Key, WordsShape] = {}
    outcomes: dict[Key, WordsShape] = {}
