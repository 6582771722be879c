"""A week by a greedy heuristic: the hardest shift first, given to whoever is freest for it."""

from collections.abc import Sequence

from hallflow.domain.roster.shifts import Person, RosterRules
from hallflow.foresight.roster.week import ShiftAsked, Week, able, too_close, unwished


def greedy(asked: Sequence[ShiftAsked], rules: RosterRules) -> Week:
    """Give the shift that fewest may work to whoever has worked least, and so on."""
    people = list(rules.people.values())
    fits = [[p for p in people if able(each, p)] for each in asked]
    mine: dict[str, list[ShiftAsked]] = {p.key: [] for p in people}
    by: list[str | None] = [None] * len(asked)
    # what has been worked is settled first
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
    """Whoever may do much is kept for what others may not."""
    return 10**6 if person.services is None else len(person.services)
