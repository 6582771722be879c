"""Staff assignment by CP-SAT (the extra `roster`): fill every shift, then keep wishes, then balance hours; with a proven
optimality gap.
"""

from collections import defaultdict
from collections.abc import Sequence

from ortools.sat.python import cp_model

from hallflow.domain.roster.shifts import RosterRules
from hallflow.foresight.roster.greedy import greedy
from hallflow.foresight.roster.week import UNEVEN, UNFILLED, UNWISHED, ShiftAsked, Week, able, unwished


def solve(asked: Sequence[ShiftAsked], rules: RosterRules, seconds: float) -> Week:
    """The best week found in so many seconds. It starts from the greedy solution, which is returned if the solver finds none."""
    model, people = cp_model.CpModel(), list(rules.people.values())
    takes = {
        (i, person.key): model.new_bool_var(f"{i}-{person.key}")
        for i, each in enumerate(asked)
        for person in people
        if able(each, person)
    }
    missing = [model.new_bool_var(f"missing-{i}") for i in range(len(asked))]
    cost = []
    for i, each in enumerate(asked):
        model.add_exactly_one([missing[i], *(takes[i, p.key] for p in people if (i, p.key) in takes)])
        cost.append(missing[i] * (UNFILLED * each.pattern.paid // 15))
    busiest = model.new_int_var(0, 7 * 96, "busiest")
    for person in people:
        mine = [i for i in range(len(asked)) if (i, person.key) in takes]
        worked = sum(takes[i, person.key] * (asked[i].pattern.paid // 15) for i in mine)
        model.add(sum(takes[i, person.key] * asked[i].pattern.paid for i in mine) <= int(person.hours_at_most * 60))
        model.add(sum(takes[i, person.key] for i in mine) <= rules.days_at_most)
        model.add(busiest >= worked)
        cost += [takes[i, person.key] * (UNWISHED * n) for i in mine if (n := unwished(asked[i], person))]
        _rest(model, asked, mine, takes, person.key, rules.rest_hours)
    model.minimize(sum(cost) + UNEVEN * busiest)
    initial = greedy(asked, rules)
    for (i, key), taken in takes.items():
        model.add_hint(taken, int(initial.by[i] == key))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return initial
    by = [
        next((p.key for p in people if (i, p.key) in takes and solver.value(takes[i, p.key])), None)
        for i in range(len(asked))
    ]
    best, bound = solver.objective_value, solver.best_objective_bound
    return Week(tuple(by), "cp-sat", round(max(best - bound, 0.0) / best, 6) if best else 0.0)


def _rest(
    model: "cp_model.CpModel", asked: Sequence[ShiftAsked], mine: Sequence[int],
    takes: "dict[tuple[int, str], cp_model.IntVar]", key: str, rest_hours: float,
) -> None:  # fmt: skip
    """Constraints of one shift a day, and of the rest between a late shift and the next day's."""
    days = defaultdict(list)
    for i in mine:
        days[asked[i].day.toordinal()].append(i)
    for day, here in days.items():
        model.add_at_most_one(takes[i, key] for i in here)
        for end in {asked[i].pattern.end for i in here}:
            late = [takes[i, key] for i in here if asked[i].pattern.end >= end]
            early = [
                takes[i, key] for i in days.get(day + 1, ()) if asked[i].pattern.start + 1440 - end < rest_hours * 60
            ]
            if early:
                model.add(sum(late) + sum(early) <= 1)
