"""Who sits where, quarter-hour by quarter-hour: whoever is on shift at a counter they are certified for, and what stays empty."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hallflow.domain.shifts import Person
from hallflow.foresight.patterns import SLOT, Pattern
from hallflow.foresight.skills import Group
from hallflow.foresight.stage import Ints


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
    """Seat these people by their patterns at the counters that are needed, (G, Q); nobody changes counters without need."""
    spells: dict[str, list[tuple[str, int, int]]] = {key: [] for key in on_shift}
    empty: list[tuple[int, int]] = []
    last: dict[str, str] = {}
    for q, minute in enumerate(minutes):
        places = {counter: g for g, group in enumerate(groups) for counter in group.counters[: int(need[g, q])]}
        here = sorted(key for key, pattern in on_shift.items() if pattern.works(minute))
        may = {key: [c for c, g in places.items() if people[key].may(frozenset(groups[g].services))] for key in here}
        taken = {c: key for key in here if (c := last.get(key, "")) in may[key]}
        for key in sorted(here, key=lambda k: len(may[k])):
            if key not in taken.values():
                _find(key, may, taken, set())
        for counter, key in taken.items():
            _sit(spells[key], counter, minute)
        last |= {key: counter for counter, key in taken.items()}
        empty += [(g, q) for counter, g in places.items() if counter not in taken]
    return Seats({key: tuple(spell) for key, spell in spells.items()}, tuple(empty))


def _find(key: str, may: Mapping[str, list[str]], taken: dict[str, str], asked: set[str]) -> bool:
    """A counter for somebody; where all of theirs are taken, one whose holder can have another (an augmenting path)."""
    for counter in may[key]:
        if counter in asked:
            continue
        asked.add(counter)
        if counter not in taken or _find(taken[counter], may, taken, asked):
            taken[counter] = key
            return True
    return False


def _sit(spells: list[tuple[str, int, int]], counter: str, minute: int) -> None:
    if spells and spells[-1][0] == counter and spells[-1][2] == minute:
        spells[-1] = (counter, spells[-1][1], minute + SLOT)
    else:
        spells.append((counter, minute, minute + SLOT))
