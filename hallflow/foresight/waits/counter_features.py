"""What a hall's counters and tiers tell of a wait, where calls name their counter and ends are known: the hall as one line."""

from collections.abc import Iterable
from math import nan

from hallflow.foresight.waits.stream import Stream

LASTS = 120.0
FEW = 5
NAMES = (
    "served_minutes", "serving_mean", "hall_drain", "better_in_hall", "tier_drain", "tier_recent", "tier_head_waits",
    "hall_pace_3", "hall_pace_8", "ends_5", "ends_15", "since_end", "places_before", "overtaken_by",
)  # fmt: skip


def desks(stream: Stream, tier: str, at: float) -> list[float]:
    """The figures of NAMES for somebody of this tier who comes at `at`; minutes, or people."""
    people = stream.hall.people.values()
    served = _mean(stream.services) if len(stream.services) >= FEW else nan
    each = served / max(stream.counters_active(at), 1)
    own = _usual(stream, tier)
    better = sum(_usual(stream, person.tier) < own for person in people if person.tier != tier)
    same = [at - person.at for person in people if person.tier == tier]
    ends = stream.ends
    times, places = stream.hall.calls.at, len(people) + 1
    return [
        served, _mean([at - since for since, _ in stream.at_counters.values()]),
        places * each, better, (better + len(same) + 1) * each,
        _mean([waited for when, waited in stream.waits[tier] if at - when < LASTS]), max(same, default=0.0),
        *(places * (at - times[-n]) / n if len(times) >= n and at - times[-n] < LASTS else nan for n in (3, 8)),
        ends.since(at - 5), ends.since(at - 15), min(at - ends.at[-1], LASTS) if ends.at else nan,
        stream.precedence.places_before(tier, stream.by_tier()), stream.precedence.overtaken_by(tier),
    ]  # fmt: skip


def _usual(stream: Stream, tier: str) -> float:
    """The mean wait of a tier until now."""
    minutes, n = stream.waited[tier]
    return minutes / n if n else 0.0


def _mean(values: Iterable[float]) -> float:
    known = list(values)
    return sum(known) / len(known) if known else nan
