"""Assignment of staff to counters by quarter-hour: an assignment problem with costs for moving, certificates respected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from hallflow.domain.quarters import QUARTER_MINUTES
from hallflow.domain.roster.shifts import Person
from hallflow.foresight.arrays import Ints
from hallflow.foresight.roster.patterns import Pattern
from hallflow.foresight.staffing.skills import SkillGroup

NOBODY = 1000.0
"""Cost of an empty counter; it exceeds that of any number of moves."""
CHANGES, RISES, RETURNS = 4.0, 2.0, 1.0
"""Costs of moving to a counter of another kind, of losing one's seat, and of returning to one's last counter."""


@dataclass(frozen=True, slots=True)
class Seats:
    """A day's assignment of people to counters."""

    at: Mapping[str, tuple[tuple[str, int, int], ...]]
    """Person -> (counter, from, until) in minutes of the day."""
    empty: tuple[tuple[int, int], ...]
    """(group, quarter-hour) of every required counter without staff."""


def seat(
    need: Ints, groups: Sequence[SkillGroup], minutes: Sequence[int], on_shift: Mapping[str, Pattern], people: Mapping[str, Person]
) -> Seats:  # fmt: skip
    """Assign people on shift to the counters needed of each group, (G, Q), with as few moves as possible.

    One linear assignment per quarter-hour (scipy). Counters of a group are interchangeable: where one less is needed, the
    others stay.
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
            pairs = zip(*linear_sum_assignment(costs), strict=True)
            taken = {here[i]: asked[j] for i, j in pairs if j < len(asked)}
        seats = _counters(groups, taken, last, before, {last[key] for key in away if key in last})
        for key, counter in seats.items():
            _sit(spells[key], counter, minute)
        last |= seats
        before = set(seats)
        for g in range(len(groups)):
            empty += [(g, q)] * (asked.count(g) - sum(of == g for of in taken.values()))
    return Seats({key: tuple(spell) for key, spell in spells.items()}, tuple(empty))


def _costs(
    who: Person, groups: Sequence[SkillGroup], asked: Sequence[int], last: str | None, seated: bool, people: int
) -> list[float]:
    """Costs of each required seat for a person, and of no seat, once for everybody present."""
    stays = 0.0 if seated else RETURNS
    row = []
    for g in asked:
        known = last in groups[g].counters
        row.append((stays if known else CHANGES) if who.may(frozenset(groups[g].services)) else 2 * NOBODY)
    return row + [NOBODY + (RISES if seated else 0.0)] * people


def _counters(
    groups: Sequence[SkillGroup], taken: Mapping[str, int], last: Mapping[str, str], before: set[str], awaited: set[str]
) -> dict[str, str]:
    """The counter of everybody seated in a group: their last one, or preferably one that nobody will return to (`awaited`)."""
    seated: dict[str, str] = {}
    for key in sorted(taken, key=lambda key: key not in before):
        counter = last.get(key)
        if counter in groups[taken[key]].counters and counter not in seated.values():
            seated[key] = counter
    for key, g in taken.items():
        if key not in seated:
            free = [counter for counter in groups[g].counters if counter not in seated.values()]
            seated[key] = min(free, key=lambda counter: counter in awaited)
    return seated


def _sit(spells: list[tuple[str, int, int]], counter: str, minute: int) -> None:
    if spells and spells[-1][0] == counter and spells[-1][2] == minute:
        spells[-1] = (counter, spells[-1][1], minute + QUARTER_MINUTES)
    else:
        spells.append((counter, minute, minute + QUARTER_MINUTES))
