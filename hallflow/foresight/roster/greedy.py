"""Staff assignment by a greedy heuristic: the shift with the fewest candidates first, to the candidate with the lowest load."""

from collections.abc import Sequence

from hallflow.domain.roster.shifts import Person, RosterRules
from hallflow.foresight.roster.week import ShiftAsked, Week, able, too_close, unwished


def greedy(asked: Sequence[ShiftAsked], rules: RosterRules) -> Week:
    """Assign shifts in order of difficulty, each to the candidate with fewest broken wishes and lowest share of their hours used."""
    people = list(rules.people.values())
    fits = [[p for p in people if able(each, p)] for each in asked]
    mine: dict[str, list[ShiftAsked]] = {p.key: [] for p in people}
    by: list[str | None] = [None] * len(asked)
    # shifts already worked are fixed first
    hardest = sorted(
        range(len(asked)),
        key=lambda i: (
            not asked[i].worked_by,
            len(fits[i]),
            -asked[i].pattern.paid,
            asked[i].day,
            asked[i].pattern.start,
        ),
    )
    for i in hardest:
        free = [p for p in fits[i] if _may_take(asked[i], p, mine[p.key], rules)]
        if free:
            chosen = min(free, key=lambda p: (unwished(asked[i], p), _used(mine[p.key], p), _breadth(p), p.key))
            by[i] = chosen.key
            mine[chosen.key].append(asked[i])
    return Week(tuple(by), "greedy", None)


def _may_take(asked: ShiftAsked, person: Person, has: Sequence[ShiftAsked], rules: RosterRules) -> bool:
    hours = sum(each.pattern.paid for each in (*has, asked)) / 60
    return (
        len(has) < rules.days_at_most
        and hours <= person.hours_at_most
        and not any(too_close(asked, each, rules.rest_hours) for each in has)
    )


def _used(has: Sequence[ShiftAsked], person: Person) -> float:
    return sum(each.pattern.paid for each in has) / 60 / max(person.hours_at_most, 1.0)


def _breadth(person: Person) -> int:
    """Number of services of a person; those with few are preferred, so that versatile people remain for other shifts."""
    return 10**6 if person.services is None else len(person.services)
