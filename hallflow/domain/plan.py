"""What a hall is set up to be: services, tiers, counters, hours and the rules of its queue."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hallflow.domain.calendar import CalendarRules
from hallflow.domain.hours import Hours
from hallflow.domain.languages import UNDETERMINED, Language, Words, named_as
from hallflow.domain.playbook import Playbook
from hallflow.domain.prefill import Form
from hallflow.domain.roster.shifts import RosterRules


@dataclass(frozen=True, slots=True)
class Document:
    """A paper the customer brings for a service."""

    name: Words
    needed: bool = True


@dataclass(frozen=True, slots=True)
class Service:
    """What a customer comes for."""

    key: str
    name: Words
    help: Words
    group: str
    icon: str
    letter: str
    minutes: float
    """Standard minutes at the counter, from arrived to finished."""
    form: str | None = None
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Services that stand together at the kiosk."""

    key: str
    name: Words
    icon: str


@dataclass(frozen=True, slots=True)
class Tier:
    """A segment of customers with its own wait goal; never shown in public."""

    key: str
    name: Words
    color: str
    rank: int
    """0 is the best tier."""
    goal_share: float
    goal_minutes: float
    guard_minutes: float
    """Past this wait nobody who came later, and nobody inside their guard, is called first."""
    overtaken_at_most: int
    """At most so many later arrivals are called before anyone of this tier."""
    rate: float = 1.0
    """Priority gathered per minute waited (accumulating priority)."""
    weight: float = 1.0
    """Cost of a minute's wait (generalised c-mu)."""
    card_prefixes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CounterPlan:
    """A place where service happens, and what is offered there."""

    key: str
    name: Words
    services: tuple[str, ...]
    where: Words | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """The queue's rules for what customers do that was not planned."""

    policy: str = "attainment"
    ratio: int = 3
    """For the ratio policy: calls of better tiers before one of the next."""
    recalls_at_most: int = 3
    requeues_at_most: int = 2
    requeue_places: int = 3
    late_next: int = 3
    """Missed by at most so many calls: next free counter."""
    late_back: int = 5
    """Missed by at most so many calls: put back `requeue_places`; later needs a new number."""
    missed_after_minutes: float = 5.0
    """A called customer who has not come by then is missed by itself."""
    missed_kept_minutes: float = 60.0
    """A missed customer may come back for so long; then the number ends."""
    closing_grace_minutes: float = 120.0
    """Those inside at closing time are served as long as a counter is open, at most so long."""
    waiting_at_most: int = 5000
    recovery_after_minutes: float = 5.0
    """So long after the end of the promised range the hall apologises to whoever still waits."""
    estimator: str = "auto"
    """Who foresees the waits: one of `estimates.CHOICES`."""


@dataclass(frozen=True, slots=True)
class AlertRules:
    """From when on something is worth telling the manager."""

    near_guard_share: float = 0.8
    """So much of the way to its tier's guard."""
    queue_minutes: float = 30.0
    """The work that waits for a service, shared by its open counters,"""
    queue_people: int = 5
    """where at least so many wait."""
    idle_minutes: float = 3.0
    """A counter free for so long while somebody waits whom it could serve."""
    called_minutes: float = 4.0
    """Called so long ago, and not yet come."""
    long_service_times: float = 2.0
    """So many times a service's standard minutes,"""
    long_service_minutes: float = 5.0
    """and so many minutes over them."""
    not_finished_times: float = 4.0
    """The same, so far beyond the usual that somebody has forgotten to finish."""
    not_finished_minutes: float = 20.0
    parked_minutes: float = 60.0
    """On hold for so long."""
    absent_minutes: float = 5.0
    """Somebody should have come to a counter so long ago, by the roster."""
    screen_silent_minutes: float = 2.0
    """A screen or kiosk not heard of for so long."""
    screen_seen_minutes: float = 30.0
    """Of screens that the plan does not know as installed, only those that had been on for so long,"""
    screen_forgotten_minutes: float = 60.0
    """and for so long: whatever is off for longer has been put away."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a hall knows of itself before the first customer comes."""

    hall: str
    name: Words
    hours: Hours
    groups: tuple[Group, ...]
    services: Mapping[str, Service]
    tiers: Mapping[str, Tier]
    """Best tier first."""
    counters: Mapping[str, CounterPlan]
    forms: Mapping[str, Form] = field(default_factory=dict)
    rules: Rules = field(default_factory=Rules)
    standard_tier: str = "standard"
    where_to_wait: Words = field(default_factory=dict)
    notice: Words | None = None
    elsewhere: Mapping[str, Words] = field(default_factory=dict)
    """Services not offered here, and where they are."""
    pause_reasons: Mapping[str, Words] = field(default_factory=dict)
    outcomes: Mapping[str, Words] = field(default_factory=dict)
    staffing: "StaffingRules" = field(default_factory=lambda: StaffingRules())
    roster: RosterRules = field(default_factory=RosterRules)
    calendar: CalendarRules = field(default_factory=CalendarRules)
    playbook: Playbook = field(default_factory=Playbook)
    alerts: AlertRules = field(default_factory=AlertRules)
    screens: Mapping[str, int] = field(default_factory=dict)
    """How many of each screen are installed and always on: "kiosk", "wall", "window:3"."""
    map: tuple[str, ...] = ()
    """The hall as it is seen from its entrance: rows of counters' keys, "." where nothing stands."""
    languages: tuple[Language, ...] = (UNDETERMINED,)
    """What the hall speaks; the first to whoever has not chosen."""

    def counters_for(self, service: str) -> list[CounterPlan]:
        """The counters at which this service is offered."""
        return [counter for counter in self.counters.values() if service in counter.services]

    def counter_name(self, key: str) -> Words:
        """A counter's name; its key where the plan has dropped it while somebody was served there."""
        counter = self.counters.get(key)
        return counter.name if counter else self.named_as(key)

    def service_name(self, key: str) -> Words:
        """A service's name; its key where the plan has dropped it."""
        service = self.services.get(key)
        return service.name if service else self.named_as(key)

    def named_as(self, key: str) -> Words:
        """A key in place of a name that is gone, in every language."""
        return named_as(key, self.languages)


@dataclass(frozen=True, slots=True)
class StaffingRules:
    """What the staffing sums assume until the hall has a history, and how periods are named."""

    goal_share: float = 0.8
    goal_minutes: float = 10.0
    patience_minutes: float = 45.0
    abandoned_at_most: float = 0.05
    past_guard_at_most: float = 0.05
    """So many of a tier may wait past its guard in a quarter-hour that is staffed well."""
    no_show_share: float = 0.03
    walk_minutes: float = 0.5
    busy_above: float = 0.85
    """Load per counter of the plan above which a quarter-hour counts as busy."""
    quiet_below: float = 0.5
    counters_at_least: int = 1
    advice: str = "calm"
    """How eagerly counters are advised to open and close: `calm` or `keen`."""
    arrivals_per_hour: float = 24.0
    """Expected arrivals of an ordinary open hour, before there is a history."""
