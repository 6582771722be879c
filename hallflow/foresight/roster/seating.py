"""Who sits where, quarter-hour by quarter-hour: whoever is on shift at a counter they are certified for, and what stays empty."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from hallflow.domain.quarters import QUARTER_MINUTES
from hallflow.domain.roster.shifts import Person
from hallflow.foresight.arrays import Ints
from hallflow.foresight.roster.patterns import Pattern
from hallflow.foresight.staffing.skills import Group

NOBODY = 1000.0
"""An empty seat weighs more than any number of people who change theirs."""
CHANGES, RISES, RETURNS = 4.0, 2.0, 1.0
"""To go to a counter of another kind; to be sent from one's seat and have none; to come back to where one sat last."""


@dataclass(frozen=True, slots=True)
class Seats:
    """A day's seats."""

    at: Mapping[str, tuple[tuple[str, int, int], ...]]
    """By person: (counter, from, until) in minutes of the day."""
    empty: tuple[tuple[int, int], ...]
    """(group, quarter-hour) of every counter that is required and has nobody."""


def seat(
    need: Ints, groups: Sequence[Group], minutes: Sequence[int], on_shift: Mapping[str, Pattern], people: Mapping[str, Person]
) -> Seats:  # fmt: skip
    """Seat these people by their patterns at as many counters of each group as are needed, (G, Q), with as little moving as may be.

    Counters of a group stand in for each other: where it needs one less, whoever is in it stays where they are.
    """
    spells: dict[str, list[tuple[str, int, int]]] = {key: [] for key in on_shift}
    empty: list[tuple[int, int]] = []
    last: dict[str, str] = {}
    before: set[str] = set()
    for q, minute in enumerate(minutes):
        here = sorted(key for key, pattern in on_shift.items() if pattern.works(minute))
        away = {key for key, pattern in on_shift.items() if pattern.start <= minute < pattern.end} - set(here)
        asked = [g for g in range(len(groups)) for _ in range(int(need[g, q]))]
        taken: dict[str, int] = {}
        if here and asked:
            costs = np.array(
                [_costs(people[key], groups, asked, last.get(key), key in before, len(here)) for key in here]
            )
            found = zip(*linear_sum_assignment(costs), strict=True)
            taken = {here[i]: asked[j] for i, j in found if j < len(asked)}
        seats = _counters(groups, taken, last, before, {last[key] for key in away if key in last})
        for key, counter in seats.items():
            _sit(spells[key], counter, minute)
        last |= seats
        before = set(seats)
        for g in range(len(groups)):
            empty += [(g, q)] * (asked.count(g) - sum(of == g for of in taken.values()))
    return Seats({key: tuple(spell) for key, spell in spells.items()}, tuple(empty))


def _costs(
    who: Person, groups: Sequence[Group], asked: Sequence[int], last: str | None, seated: bool, people: int
) -> list[float]:
    """What it costs to have somebody in each seat that is asked for; and in none, once for everybody who is here."""
    stays = 0.0 if seated else RETURNS
    row = []
    for g in asked:
        known = last in groups[g].counters
        row.append((stays if known else CHANGES) if who.may(frozenset(groups[g].services)) else 2 * NOBODY)
    return row + [NOBODY + (RISES if seated else 0.0)] * people


def _counters(
    groups: Sequence[Group], taken: Mapping[str, int], last: Mapping[str, str], before: set[str], kept: set[str]
) -> dict[str, str]:
    """The counter of everybody who has a seat in a group: where they sat last, or one that nobody comes back to (`kept`)."""
    found: dict[str, str] = {}
    for key in sorted(taken, key=lambda key: key not in before):
        counter = last.get(key)
        if counter in groups[taken[key]].counters and counter not in found.values():
            found[key] = counter
    for key, g in taken.items():
        if key not in found:
            free = [counter for counter in groups[g].counters if counter not in found.values()]
            found[key] = min(free, key=lambda counter: counter in kept)
    return found


def _sit(spells: list[tuple[str, int, int]], counter: str, minute: int) -> None:
    if spells and spells[-1][0] == counter and spells[-1][2] == minute:
        spells[-1] = (counter, spells[-1][1], minute + QUARTER_MINUTES)
    else:
        spells.append((counter, minute, minute + QUARTER_MINUTES))
