"""The plan (configuration of a branch): its services, tiers, counters, hours, and the rules of its queue."""

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
    """A service type: what a customer comes for."""

    key: str
    name: Words
    help: Words
    group: str
    icon: str
    letter: str
    minutes: float
    """Standard service time: minutes at the counter, from arrived to finished."""
    form: str | None = None
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceGroup:
    """Services that the kiosk shows together."""

    key: str
    name: Words
    icon: str


@dataclass(frozen=True, slots=True)
class Tier:
    """A customer segment (priority class) with its own service level; never shown in public."""

    key: str
    name: Words
    color: str
    rank: int
    """0 is the best tier."""
    goal_share: float
    goal_minutes: float
    guard_minutes: float
    """The maximum wait: beyond it nobody who came later, and nobody within their own guard, is called first."""
    overtaken_at_most: int
    """Bounded overtaking: at most this many later arrivals are called before a customer of this tier."""
    rate: float = 1.0
    """Priority gained per minute waited (accumulating priority)."""
    weight: float = 1.0
    """Cost of a minute's wait (generalised c-mu rule)."""
    card_prefixes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CounterPlan:
    """A counter as it is planned: its names, and the services it offers."""

    key: str
    name: Words
    services: tuple[str, ...]
    where: Words | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of the queue: its policy, and what becomes of no-shows, returns, late customers and closing time."""

    policy: str = "attainment"
    ratio: int = 3
    """For the ratio policy: calls of better tiers before one of the next."""
    recalls_at_most: int = 3
    requeues_at_most: int = 2
    requeue_places: int = 3
    late_next: int = 3
    """Late by at most this many calls: served at the next free counter."""
    late_back: int = 5
    """Late by at most this many calls: put back by `requeue_places`; later than that needs a new number."""
    missed_after_minutes: float = 5.0
    """A called customer who has not come after this time becomes a no-show automatically."""
    missed_kept_minutes: float = 60.0
    """How long a no-show may return; then the ticket expires."""
    closing_grace_minutes: float = 120.0
    """How long customers inside at closing time are still served, while a counter is open."""
    waiting_at_most: int = 5000
    recovery_after_minutes: float = 5.0
    """How long after the end of the promised range the hall apologises to a customer who still waits."""
    estimator: str = "auto"
    """What predicts the waits: one of `baselines.CHOICES`."""


@dataclass(frozen=True, slots=True)
class AlertRules:
    """The thresholds of the alerts to the manager."""

    near_guard_share: float = 0.8
    """A wait of this share of its tier's guard."""
    queue_minutes: float = 30.0
    """Work waiting for a service, divided by its open counters,"""
    queue_people: int = 5
    """if at least this many customers wait."""
    idle_minutes: float = 3.0
    """A counter free for so long while a customer waits whom it could serve."""
    called_minutes: float = 4.0
    """A customer called so long ago who has not come."""
    long_service_times: float = 2.0
    """A service longer than this multiple of its standard minutes,"""
    long_service_minutes: float = 5.0
    """and at least so many minutes above them."""
    not_finished_times: float = 4.0
    """The same two thresholds for a service so long that the clerk has probably forgotten to finish it."""
    not_finished_minutes: float = 20.0
    parked_minutes: float = 60.0
    """A ticket on hold for so long."""
    absent_minutes: float = 5.0
    """A rostered clerk so late at a counter."""
    screen_silent_minutes: float = 2.0
    """A screen or kiosk without a connection for so long."""
    screen_seen_minutes: float = 30.0
    """Screens that the plan does not list count only after having been connected for so long,"""
    screen_forgotten_minutes: float = 60.0
    """and only until they have been off for so long: then they count as put away."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole configuration of a hall."""

    hall: str
    name: Words
    hours: Hours
    groups: tuple[ServiceGroup, ...]
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
    """How many screens of each name are installed and always on: "kiosk", "wall", "window:3"."""
    map: tuple[str, ...] = ()
    """The floor map as seen from the entrance: rows of counters' keys, "." where nothing stands."""
    languages: tuple[Language, ...] = (UNDETERMINED,)
    """The hall's languages; the first is the default."""

    def counters_for(self, service: str) -> list[CounterPlan]:
        """The counters at which this service is offered."""
        return [counter for counter in self.counters.values() if service in counter.services]

    def counter_name(self, key: str) -> Words:
        """A counter's name; its key where it is no longer in the plan."""
        counter = self.counters.get(key)
        return counter.name if counter else self.named_as(key)

    def service_name(self, key: str) -> Words:
        """A service's name; its key where it is no longer in the plan."""
        service = self.services.get(key)
        return service.name if service else self.named_as(key)

    def named_as(self, key: str) -> Words:
        """The key in place of a name that is no longer in the plan, in every language."""
        return named_as(key, self.languages)


@dataclass(frozen=True, slots=True)
class StaffingRules:
    """The assumptions of the staffing computations until the hall has a history, and the thresholds that classify periods."""

    goal_share: float = 0.8
    goal_minutes: float = 10.0
    patience_minutes: float = 45.0
    abandoned_at_most: float = 0.05
    past_guard_at_most: float = 0.05
    """The share of a tier that may wait beyond its guard in a quarter-hour that meets the staffing requirement."""
    no_show_share: float = 0.03
    walk_minutes: float = 0.5
    busy_above: float = 0.85
    """Load per counter of the plan above which a quarter-hour counts as busy."""
    quiet_below: float = 0.5
    counters_at_least: int = 1
    advice: str = "calm"
    """The sensitivity of the advice to open and close counters: `calm` or `keen`."""
    arrivals_per_hour: float = 24.0
    """Expected arrivals per hour of an ordinary day, before there is a history."""
