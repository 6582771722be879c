"""What a hall has learned of itself: service times, patience, no-shows and the rhythm of arrivals; one value, kept as JSON."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any

from hallflow.domain.past.sums import Cell
from hallflow.domain.past.visit import Visit
from hallflow.domain.plan import Plan
from hallflow.foresight.learning.arrival_pattern import Rhythm, learn_rhythm
from hallflow.foresight.learning.patience import EVEN, Patience, learn_patience
from hallflow.foresight.learning.service_times import Reading, ServiceTime, learn_minutes, minutes_at_counter
from hallflow.foresight.learning.speeds import Paces, learn_paces
from hallflow.foresight.learning.weekly_profile import USUAL_CV, Week, count_days, count_sums, planned_week

NO_SHOW_MINUTES = 2.0


@dataclass(frozen=True, slots=True)
class Learned:
    """A hall's history in a few numbers; all times in minutes."""

    hall: str
    history_days: int
    times: Mapping[str, ServiceTime]
    walk_minutes: float
    no_show_share: float
    no_show_minutes: float
    """How long a counter waits for somebody who does not come."""
    patience_minutes: float
    """Mean patience, if leaving were equally likely in every minute of waiting."""
    tiers: Mapping[str, Mapping[str, float]]
    """Each service's share of every tier; sums to 1."""
    week: Mapping[str, Week]
    level: float = 1.0
    """How busy the hall is of late against the week."""
    busyness_cv: float = USUAL_CV
    """How much one day differs from another beyond chance, in what its morning tells of its afternoon (coefficient of variation)."""
    swing_cv: float = 0.0
    """And in what it does not."""
    weekday_cv: tuple[float, ...] = (0.0,) * 7
    """How far the expectation of each weekday may be off for want of such days."""
    effects: Mapping[str, tuple[float, int]] = field(default_factory=dict)
    """What special days do: kind of day -> factor of its arrivals, and how many such days were seen."""
    giving_up: tuple[float, ...] = EVEN
    """How likely giving up is in each band of minutes waited (`patience.BANDS`), against the mean."""
    paces: Paces = field(default_factory=Paces)

    def as_data(self) -> dict[str, Any]:
        """Plain JSON; `from_data` gives the same value back."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Learned":
        """What `as_data` wrote; what was written beside it is let be."""
        given = {key: value for key, value in data.items() if key != "learned_at"}
        given["times"] = {key: ServiceTime(**time) for key, time in data["times"].items()}
        given["giving_up"] = tuple(data.get("giving_up", EVEN))
        given["paces"] = Paces.from_data(data.get("paces", {}))
        given["effects"] = {key: tuple(effect) for key, effect in data.get("effects", {}).items()}
        given["weekday_cv"] = tuple(data.get("weekday_cv", (0.0,) * 7))
        given["week"] = {key: tuple(tuple(day) for day in week) for key, week in data["week"].items()}
        return cls(**given)

    @property
    def patience(self) -> Patience:
        """How long customers stay, by the minutes they have waited."""
        return Patience(tuple(times / self.patience_minutes for times in self.giving_up))

    def time_of(
        self, service: str, tier: str | None = None, prefilled: bool | None = None, counter: str | None = None
    ) -> ServiceTime:
        """Minutes at the counter for what is known of a service; None for what is not."""
        time = self.times[service]
        return replace(time, mean=time.mean * self.paces.of(service, tier, counter, prefilled))

    def pace_at(self, counter: str, service: str) -> float:
        """A counter's minutes at a service against the usual."""
        return self.paces.at_counter(service, counter)

    def occupied_minutes(self, service: str) -> float:
        """Mean minutes that one call keeps a counter: the walk and the service, or the wait for a no-show."""
        shown = self.walk_minutes + self.times[service].mean
        return (1 - self.no_show_share) * shown + self.no_show_share * self.no_show_minutes


def from_plan(plan: Plan) -> Learned:
    """Day one: the plan's minutes and arrivals per hour, before anybody has come."""
    rules = plan.staffing
    shares = _planned_shares(plan)
    return Learned(
        hall=plan.hall,
        history_days=0,
        times={key: ServiceTime(service.minutes) for key, service in plan.services.items()},
        walk_minutes=rules.walk_minutes,
        no_show_share=rules.no_show_share,
        no_show_minutes=min(NO_SHOW_MINUTES, plan.rules.missed_after_minutes),
        patience_minutes=rules.patience_minutes,
        tiers=dict.fromkeys(plan.services, shares),
        **Rhythm(planned_week(plan)).as_learned(),
    )


def fitted(learned: Learned, plan: Plan) -> Learned:
    """What was learned, completed from the plan where that has changed since: new services, new tiers."""
    if plan.services.keys() <= learned.times.keys() and all(
        mix.keys() == plan.tiers.keys() for mix in learned.tiers.values()
    ):
        return learned
    start = from_plan(plan)
    kept = {key: mix for key, mix in learned.tiers.items() if mix.keys() == plan.tiers.keys()}
    return replace(
        learned,
        times={**start.times, **learned.times},
        tiers={**start.tiers, **kept},
        week={**start.week, **learned.week},
    )


def learn(
    visits: Iterable[Visit],
    plan: Plan,
    until: datetime,
    readings: Iterable[Reading] = (),
    sums: Mapping[date, Sequence[Cell]] | None = None,
) -> Learned:
    """What these visits of one hall tell, with only what was known at `until` (aware); the plan where they are few.

    Days before the hall's day of `until` make the rhythm of arrivals. `readings` are the counters that were open, for logs
    that know neither the counter nor the end of a service. With `sums` of whole days the rhythm is that of their arrivals, and
    the visits may be the latest alone.
    """
    known = sorted((_known(v, until) for v in visits if v.issued_at < until), key=lambda v: v.issued_at)
    start = from_plan(plan)
    walk = _walk(known, plan)
    today = plan.hours.day_of(until)
    counts, days = count_days(known, plan, today) if sums is None else count_sums(sums, plan, today)
    share, minutes = _no_shows(known, start)
    paces = learn_paces(
        [(v, at) for v in known if v.service in plan.services and (at := minutes_at_counter(v, walk)) is not None]
    )
    patience, giving_up = _patience(known, plan, until)
    return Learned(
        hall=plan.hall,
        history_days=len(days),
        times=learn_minutes(known, plan, walk, (r for r in readings if r.at <= until), paces),
        walk_minutes=walk,
        no_show_share=share,
        no_show_minutes=minutes,
        patience_minutes=patience,
        tiers=_tier_shares(known, plan),
        giving_up=giving_up,
        paces=paces,
        **learn_rhythm(counts, days, plan).as_learned(),
    )


def _known(visit: Visit, until: datetime) -> Visit:
    """The visit as it stood at `until`."""
    if all(at is None or at <= until for at in (visit.called_at, visit.arrived_at, visit.ended_at)):
        return visit
    called = visit.called_at if visit.called_at and visit.called_at <= until else None
    arrived = visit.arrived_at if visit.arrived_at and visit.arrived_at <= until else None
    return Visit(
        visit.hall, visit.number, visit.service, visit.tier, visit.issued_at, called, None,
        visit.counter if called else None, "open", arrived, visit.prefilled,
    )  # fmt: skip


def _walk(visits: Sequence[Visit], plan: Plan) -> float:
    walks = [
        min(max((v.arrived_at - v.called_at).total_seconds() / 60, 0.0), 10.0)
        for v in visits
        if v.arrived_at and v.called_at and v.outcome == "served"
    ]
    return (sum(walks) + 20 * plan.staffing.walk_minutes) / (len(walks) + 20)


def _no_shows(visits: Sequence[Visit], start: Learned) -> tuple[float, float]:
    """The share of calls to which nobody came, and the minutes a counter then lost."""
    called = sum(v.called_at is not None for v in visits)
    missed = [v for v in visits if v.outcome == "missed"]
    lost = [min((v.ended_at - v.called_at).total_seconds() / 60, 10.0) for v in missed if v.ended_at and v.called_at]
    share = (len(missed) + 50 * start.no_show_share) / (called + 50)
    return share, (sum(lost) + 20 * start.no_show_minutes) / (len(lost) + 20)


def _patience(visits: Sequence[Visit], plan: Plan, until: datetime) -> tuple[float, tuple[float, ...]]:
    """Mean patience under an even hazard, with censoring, and how the hazard differs from it by minutes waited."""
    waits = [
        (max((end - v.issued_at).total_seconds() / 60, 0.0), v.outcome == "abandoned" and v.called_at is None)
        for v in visits
        if (end := v.called_at or v.ended_at or (until if v.outcome == "open" else None)) is not None
    ]
    left = sum(gone for _, gone in waits)
    mean = (sum(minutes for minutes, _ in waits) + 5 * plan.staffing.patience_minutes) / (left + 5)
    return mean, learn_patience(waits, mean)


def _planned_shares(plan: Plan) -> dict[str, float]:
    """A guess: every tier is twice as large as the one above it."""
    weights = {key: 2.0**tier.rank for key, tier in plan.tiers.items()}
    total = sum(weights.values())
    return {key: weight / total for key, weight in weights.items()}


def _tier_shares(visits: Sequence[Visit], plan: Plan) -> dict[str, dict[str, float]]:
    """By service, held towards the hall's mix, which is held towards the guess."""
    counts = {service: dict.fromkeys(plan.tiers, 0.0) for service in plan.services}
    for visit in visits:
        if visit.service in counts and visit.tier in plan.tiers:
            counts[visit.service][visit.tier] += 1
    hall = {tier: sum(by_tier[tier] for by_tier in counts.values()) for tier in plan.tiers}
    mix = _held(hall, _planned_shares(plan))
    return {service: _held(by_tier, mix) for service, by_tier in counts.items()}


def _held(counts: Mapping[str, float], towards: Mapping[str, float], weight: float = 20.0) -> dict[str, float]:
    total = sum(counts.values()) + weight
    return {key: (n + weight * towards[key]) / total for key, n in counts.items()}
