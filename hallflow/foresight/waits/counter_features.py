"""Features of counters and tiers: the hall seen as one queue, for logs whose calls name their counter and whose ends are known."""

from collections.abc import Iterable, Sequence
from math import nan

from hallflow.foresight.waits.stream import Stream

LASTS = 120.0
FEW = 5


def counter_features(stream: Stream, tier: str, at: float) -> dict[str, float]:
    """Features for an arrival of this tier at `at`, by name; minutes or people, NaN where unknown."""
    people = stream.hall.people.values()
    served = _mean(stream.services) if len(stream.services) >= FEW else nan
    each = served / max(stream.counters_active(at), 1)
    own = _usual(stream, tier)
    better = sum(_usual(stream, person.tier) < own for person in people if person.tier != tier)
    same = [at - person.at for person in people if person.tier == tier]
    ends = stream.ends
    times, places = stream.hall.calls.at, len(people) + 1
    return {
        "served_minutes": served, "serving_mean": _mean([at - since for since, _ in stream.at_counters.values()]),
        "hall_drain": places * each, "better_in_hall": better, "tier_drain": (better + len(same) + 1) * each,
        "tier_recent": _mean([waited for when, waited in stream.waits[tier] if at - when < LASTS]),
        "tier_head_waits": max(same, default=0.0),
        "hall_pace_3": _pace(times, 3, places, at), "hall_pace_8": _pace(times, 8, places, at),
        "ends_5": ends.since(at - 5), "ends_15": ends.since(at - 15), "since_end": min(at - ends.at[-1], LASTS) if ends.at else nan,
        "places_before": stream.precedence.places_before(tier, stream.by_tier()),
        "overtaken_by": stream.precedence.overtaken_by(tier),
    }  # fmt: skip


def _pace(calls: Sequence[float], n: int, places: int, at: float) -> float:
    """Minutes for so many places at the rate of the hall's last n calls."""
    return places * (at - calls[-n]) / n if len(calls) >= n and at - calls[-n] < LASTS else nan


def _usual(stream: Stream, tier: str) -> float:
    """Mean wait of a tier so far, in minutes."""
    minutes, n = stream.waited[tier]
    return minutes / n if n else 0.0


def _mean(values: Iterable[float]) -> float:
    known = list(values)
    return sum(known) / len(known) if known else nan


NAMES = tuple(counter_features(Stream(), "", 0.0))
"""Names of these features, in their order."""
