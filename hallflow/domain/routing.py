"""The dispatching decision: whose turn it is at a counter, under any policy and within the fairness rules of the hall.

Two rules stand before every policy. A customer who has waited beyond the maximum wait of their tier (the *guard*), and one who has
been overtaken as often as their tier allows (the *bound*), must be called before anybody else; among these the longest wait
comes first. Calling the longest-waiting of them overtakes none of the others, so both rules hold at once.
Only then does the hall's policy choose. Because a line is ordered by its wait, only its front matters (and, for attainment, the
first of the line who is still within the goal): the policy ranks one or two customers of each line, not all.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from hallflow.domain.counter import Counter
from hallflow.domain.events import Reason
from hallflow.domain.floor import Floor
from hallflow.domain.plan import Plan, Tier
from hallflow.domain.policies import POLICIES, Rank
from hallflow.domain.refusals import Refused
from hallflow.domain.ticket import Leg, Ticket


@dataclass(frozen=True, slots=True)
class Choice:
    """The customer whose turn it is at a counter, and why."""

    ticket: Ticket
    reason: Reason
    streak: int = 0


def choose(floor: Floor, plan: Plan, counter: Counter, now: datetime) -> Choice | None:
    """Whose turn it is at this counter; None when nobody waits for it."""
    return next(turns(floor, plan, counter, now), None)


def turns(floor: Floor, plan: Plan, counter: Counter, now: datetime) -> Iterator[Choice]:
    """The customers this counter would call, in order, if no other counter called and nobody else came."""
    gone: set[str] = set()
    streak = floor.streak
    bound = _at_their_bound(floor, plan, counter)
    added: dict[str, int] = {}
    while True:
        fronts = _candidates(floor, plan, counter, now, gone)
        if not fronts:
            return
        must = _must(floor, plan, fronts, bound, added, gone, now)
        choice = must or _preferred(floor, plan, counter, fronts, streak, now)
        yield choice
        streak = choice.streak
        gone.add(choice.ticket.number)
        bound += _overtaken_by(floor, plan, counter, choice.ticket, added)


def check_bound(floor: Floor, plan: Plan, counter: Counter, ticket: Ticket) -> None:
    """Raise Refused where calling this ticket by name would overtake somebody who is at their bound."""
    for other in _at_their_bound(floor, plan, counter):
        if other.number != ticket.number and other.place < ticket.place:
            raise Refused("bound_reached", number=other.number, times=floor.overtaken[other.number])


def ahead_of(floor: Floor, plan: Plan, ticket: Ticket, now: datetime) -> int:
    """The queue position: how many customers of the same service would be called before this ticket if nobody else came."""
    return _ahead(floor, plan, ticket.line[0], _standing(ticket, now, plan), now)


def ahead_of_new(floor: Floor, plan: Plan, service: str, tier: str, now: datetime) -> int:
    """The queue position of a customer of this tier who takes a number for the service now."""
    new = Ticket("", tier, "", now, (Leg(service, now),), ordinal=floor.seq + 1)
    return _ahead(floor, plan, service, _standing(new, now, plan), now)


def _ahead(
    floor: Floor, plan: Plan, place: str, mine: tuple[int, Rank, tuple[datetime, int], str], now: datetime
) -> int:
    ahead = 0
    for key, line in floor.lines.items():
        if line and key[0] == place:
            for start, end in _stretches(line, plan.tiers[key[1]], now):
                if start == end:
                    continue
                before = bisect_left(
                    line, mine, start, end, key=lambda entry: _standing(floor.tickets[entry[2]], now, plan)
                )
                ahead += before - start
    return ahead


def _stretches(line: list[tuple[datetime, int, str]], tier: Tier, now: datetime) -> Iterator[tuple[int, int]]:
    """The parts of a line within which calls follow its order: past the guard, past the goal, within the goal."""
    guard = bisect_left(line, (now - timedelta(minutes=tier.guard_minutes, microseconds=-1), -1, ""))
    goal = bisect_left(line, (now - timedelta(minutes=tier.goal_minutes), -1, ""))
    yield 0, guard
    yield guard, max(goal, guard)
    yield max(goal, guard), len(line)


def _standing(ticket: Ticket, now: datetime, plan: Plan) -> tuple[int, Rank, tuple[datetime, int], str]:
    """A sort key: customers past the guard by their place, then the others by the policy's rank; the smallest is called first."""
    if ticket.waited(now) >= plan.tiers[ticket.tier].guard_minutes:
        return (0, (), ticket.place, ticket.number)
    return (1, POLICIES[plan.rules.policy].rank(ticket, now, plan), ticket.place, ticket.number)


def _candidates(floor: Floor, plan: Plan, counter: Counter, now: datetime, gone: set[str]) -> list[Ticket]:
    """The front of every line this counter serves, and the first of each line who is still within the goal."""
    candidates: list[Ticket] = []
    may_call = set(counter.lines)
    attainment = plan.rules.policy == "attainment"
    for (place, tier), line in floor.lines.items():
        if place not in may_call:
            continue
        front = next((n for _, _, n in line if n not in gone), None)
        if front is None:
            continue
        candidates.append(floor.tickets[front])
        if attainment:
            in_time = now - timedelta(minutes=plan.tiers[tier].goal_minutes)
            start = bisect_left(line, (in_time, -1, ""))
            hopeful = next((line[i][2] for i in range(start, len(line)) if line[i][2] not in gone), None)
            if hopeful is not None and hopeful != front:
                candidates.append(floor.tickets[hopeful])
    return candidates


def _at_their_bound(floor: Floor, plan: Plan, counter: Counter) -> list[Ticket]:
    tickets, may_call, times = [], counter.lines, floor.overtaken.get
    for (place, tier), line in floor.lines.items():
        if place in may_call:
            most = plan.tiers[tier].overtaken_at_most
            tickets += [floor.tickets[number] for _, _, number in line if times(number, 0) >= most]
    return tickets


def _overtaken_by(
    floor: Floor, plan: Plan, counter: Counter, called: Ticket, added: dict[str, int]
) -> Iterator[Ticket]:
    """The tickets that reach their bound once this ticket too is called; counts of tickets already called do no harm."""
    for (place, tier), line in floor.lines.items():
        if place not in counter.lines:
            continue
        most = plan.tiers[tier].overtaken_at_most
        for _, _, number in line[: bisect_left(line, (*called.place, called.number))]:
            added[number] = added.get(number, 0) + 1
            if floor.overtaken.get(number, 0) + added[number] == most:
                yield floor.tickets[number]


def _must(
    floor: Floor,
    plan: Plan,
    fronts: list[Ticket],
    bound: list[Ticket],
    added: Mapping[str, int],
    gone: set[str],
    now: datetime,
) -> Choice | None:
    """The longest-waiting customer past their guard or at their bound."""
    past = [t for t in fronts if t.waited(now) >= plan.tiers[t.tier].guard_minutes]
    at_bound = [t for t in bound if t.number not in gone]
    if not past and not at_bound:
        return None
    ticket = min((*past, *at_bound), key=lambda t: t.place)
    waited = int(ticket.waited(now))
    if ticket in past:
        guard = int(plan.tiers[ticket.tier].guard_minutes)
        return Choice(ticket, Reason("guard", {"waited": waited, "guard": guard}))
    times = floor.overtaken.get(ticket.number, 0) + added.get(ticket.number, 0)
    return Choice(ticket, Reason("bound", {"waited": waited, "times": times}))


def _preferred(floor: Floor, plan: Plan, counter: Counter, fronts: list[Ticket], streak: int, now: datetime) -> Choice:
    policy = POLICIES[plan.rules.policy]
    pool, reason = fronts, None
    if policy.key == "ratio":
        pool, reason = _ratio_pool(plan, fronts, streak)
    # ties go to the longer wait, then to the number, so that all processes decide alike
    ticket = min(pool, key=lambda t: (policy.rank(t, now, plan), t.place, t.number))
    best = min(plan.tiers[t.tier].rank for t in fronts)
    others = any(plan.tiers[t.tier].rank > best for t in fronts)
    preferred = others and plan.tiers[ticket.tier].rank == best
    return Choice(ticket, reason or policy.why(ticket, now, plan), streak + 1 if preferred else 0)


def _ratio_pool(plan: Plan, fronts: list[Ticket], streak: int) -> tuple[list[Ticket], Reason | None]:
    """The candidates of the ratio policy: after `ratio` calls of the best tier in a row, only the other tiers."""
    best = min(plan.tiers[t.tier].rank for t in fronts)
    others = [t for t in fronts if plan.tiers[t.tier].rank > best]
    if others and streak >= plan.rules.ratio:
        return others, Reason("ratio", {"after": plan.rules.ratio})
    return fronts, None
