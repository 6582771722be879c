"""Fitted parameters of a hall: service times, patience, no-shows and the arrival process; one value, stored as JSON."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any

from hallflow.domain.past.sums import Cell
from hallflow.domain.past.visit import Visit
from hallflow.domain.plan import Plan
from hallflow.foresight.learning.arrival_pattern import ArrivalPattern, learn_arrival_pattern
from hallflow.foresight.learning.patience import EVEN, Patience, learn_patience
from hallflow.foresight.learning.service_times import Reading, ServiceTime, learn_service_times, service_minutes
from hallflow.foresight.learning.speeds import TimeFactors, learn_time_factors
from hallflow.foresight.learning.weekly_profile import USUAL_CV, Week, count_days, count_sums, planned_week

NO_SHOW_MINUTES = 2.0


@dataclass(frozen=True, slots=True)
class Learned:
    """A hall's fitted parameters; all durations are in minutes."""

    hall: str
    history_days: int
    times: Mapping[str, ServiceTime]
    walk_minutes: float
    no_show_share: float
    no_show_minutes: float
    """Mean minutes that a counter is occupied by a call that ends as a no-show."""
    patience_minutes: float
    """Mean time to abandonment under a constant hazard."""
    tiers: Mapping[str, Mapping[str, float]]
    """Tier mix of each service, service -> tier -> share; sums to 1."""
    week: Mapping[str, Week]
    level: float = 1.0
    """Level of the arrival series: recent arrivals over those of the weekly profile."""
    busyness_cv: float = USUAL_CV
    """Coefficient of variation of the day-to-day load factor (busyness): what a day's morning and afternoon have in common."""
    swing_cv: float = 0.0
    """Coefficient of variation within the day (swing): what a day's morning does not predict of its afternoon."""
    weekday_cv: tuple[float, ...] = (0.0,) * 7
    """Standard error of each weekday's expected arrivals, as a share of them."""
    effects: Mapping[str, tuple[float, int]] = field(default_factory=dict)
    """Calendar effects: kind of day -> factor on its arrivals, and how many such days it was estimated from."""
    giving_up: tuple[float, ...] = EVEN
    """Abandonment hazard in each band of minutes waited (`patience.BANDS`), as a multiple of the mean hazard."""
    paces: TimeFactors = field(default_factory=TimeFactors)

    def as_data(self) -> dict[str, Any]:
        """Plain JSON; `from_data` gives the same value back."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Learned":
        """The value that `as_data` wrote; fields that older versions lacked get their defaults, and the stamp `learned_at`
        is ignored.
        """
        values = {key: value for key, value in data.items() if key != "learned_at"}
        values["times"] = {key: ServiceTime(**time) for key, time in data["times"].items()}
        values["giving_up"] = tuple(data.get("giving_up", EVEN))
        values["paces"] = TimeFactors.from_data(data.get("paces", {}))
        values["effects"] = {key: tuple(effect) for key, effect in data.get("effects", {}).items()}
        values["weekday_cv"] = tuple(data.get("weekday_cv", (0.0,) * 7))
        values["week"] = {key: tuple(tuple(day) for day in week) for key, week in data["week"].items()}
        return cls(**values)

    @property
    def patience(self) -> Patience:
        """Time to abandonment as a piecewise constant hazard of the minutes waited."""
        return Patience(tuple(times / self.patience_minutes for times in self.giving_up))

    def service_time(
        self, service: str, tier: str | None = None, prefilled: bool | None = None, counter: str | None = None
    ) -> ServiceTime:
        """Service time distribution (minutes) given tier, counter and form, each None where unknown. Raises KeyError for an
        unknown service.
        """
        time = self.times[service]
        return replace(time, mean=time.mean * self.paces.of(service, tier, counter, prefilled))

    def time_factor_at(self, counter: str, service: str) -> float:
        """Server speed factor: a counter's mean service time over the service's usual one."""
        return self.paces.at_counter(service, counter)

    def occupied_minutes(self, service: str) -> float:
        """Mean minutes a call occupies a counter: walk and service time, or the wait for a no-show. Raises KeyError for an
        unknown service.
        """
        shown = self.walk_minutes + self.times[service].mean
        return (1 - self.no_show_share) * shown + self.no_show_share * self.no_show_minutes


def from_plan(plan: Plan) -> Learned:
    """Parameters before any history: the plan's service times and arrivals per hour, usual values for everything else."""
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
        **ArrivalPattern(planned_week(plan)).as_learned(),
    )


def fitted(learned: Learned, plan: Plan) -> Learned:
    """Learned parameters, completed from the plan for services and tiers that were added since."""
    if plan.services.keys() <= learned.times.keys() and all(
        mix.keys() == plan.tiers.keys() for mix in learned.tiers.values()
    ):
        return learned
    start = from_plan(plan)
    valid = {key: mix for key, mix in learned.tiers.items() if mix.keys() == plan.tiers.keys()}
    return replace(
        learned,
        times={**start.times, **learned.times},
        tiers={**start.tiers, **valid},
        week={**start.week, **learned.week},
    )


def learn(
    visits: Iterable[Visit],
    plan: Plan,
    until: datetime,
    readings: Iterable[Reading] = (),
    sums: Mapping[date, Sequence[Cell]] | None = None,
) -> Learned:
    """Estimate a hall's parameters from its visits, using only what was known at `until` (aware); shrunk to the plan where
    data are few.

    The arrival process is estimated from the whole days before the hall's day of `until`. `readings` count the open
    counters, for logs that record neither the counter nor the end of a service. With `sums` of whole days the arrivals are
    taken from these, and `visits` may be the latest alone.
    """
    known = sorted((_known(v, until) for v in visits if v.issued_at < until), key=lambda v: v.issued_at)
    start = from_plan(plan)
    walk = _walk(known, plan)
    today = plan.hours.day_of(until)
    counts, days = count_days(known, plan, today) if sums is None else count_sums(sums, plan, today)
    share, minutes = _no_shows(known, start)
    paces = learn_time_factors(
        [(v, at) for v in known if v.service in plan.services and (at := service_minutes(v, walk)) is not None]
    )
    patience, giving_up = _patience(known, plan, until)
    return Learned(
        hall=plan.hall,
        history_days=len(days),
        times=learn_service_times(known, plan, walk, (r for r in readings if r.at <= until), paces),
        walk_minutes=walk,
        no_show_share=share,
        no_show_minutes=minutes,
        patience_minutes=patience,
        tiers=_tier_shares(known, plan),
        giving_up=giving_up,
        paces=paces,
        **learn_arrival_pattern(counts, days, plan).as_learned(),
    )


def _known(visit: Visit, until: datetime) -> Visit:
    """The visit as it was known at `until`: later moments are removed."""
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
    """Share of calls that end as no-shows, and the mean minutes a counter loses by one; both shrunk to the plan."""
    called = sum(v.called_at is not None for v in visits)
    missed = [v for v in visits if v.outcome == "missed"]
    lost = [min((v.ended_at - v.called_at).total_seconds() / 60, 10.0) for v in missed if v.ended_at and v.called_at]
    share = (len(missed) + 50 * start.no_show_share) / (called + 50)
    return share, (sum(lost) + 20 * start.no_show_minutes) / (len(lost) + 20)


def _patience(visits: Sequence[Visit], plan: Plan, until: datetime) -> tuple[float, tuple[float, ...]]:
    """Maximum-likelihood mean patience under a constant hazard with right-censoring, and each band's hazard as a multiple
    of it.
    """
    waits = [
        (max((end - v.issued_at).total_seconds() / 60, 0.0), v.outcome == "abandoned" and v.called_at is None)
        for v in visits
        if (end := v.called_at or v.ended_at or (until if v.outcome == "open" else None)) is not None
    ]
    abandoned = sum(gone for _, gone in waits)
    mean = (sum(minutes for minutes, _ in waits) + 5 * plan.staffing.patience_minutes) / (abandoned + 5)
    return mean, learn_patience(waits, mean)


def _planned_shares(plan: Plan) -> dict[str, float]:
    """Tier mix before any history: a guess, every tier twice as large as the one above it."""
    weights = {key: 2.0**tier.rank for key, tier in plan.tiers.items()}
    total = sum(weights.values())
    return {key: weight / total for key, weight in weights.items()}


def _tier_shares(visits: Sequence[Visit], plan: Plan) -> dict[str, dict[str, float]]:
    """Tier mix of each service, shrunk towards the hall's mix, which is shrunk towards the guess."""
    counts = {service: dict.fromkeys(plan.tiers, 0.0) for service in plan.services}
    for visit in visits:
        if visit.service in counts and visit.tier in plan.tiers:
            counts[visit.service][visit.tier] += 1
    hall = {tier: sum(by_tier[tier] for by_tier in counts.values()) for tier in plan.tiers}
    mix = _shrunk(hall, _planned_shares(plan))
    return {service: _shrunk(by_tier, mix) for service, by_tier in counts.items()}


def _shrunk(counts: Mapping[str, float], towards: Mapping[str, float], weight: float = 20.0) -> dict[str, float]:
    total = sum(counts.values()) + weight
    return {key: (n + weight * towards[key]) / total for key, n in counts.items()}
