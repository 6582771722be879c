"""Who is next: the fairness of the hall in one page.

Before any policy stand two promises, the same under all of them. Whoever has waited past their tier's *guard*, and whoever has
been overtaken as often as their tier allows (the *bound*), must be called before anybody else; among these the longest wait
comes first. Calling the longest-waiting of them overtakes none of the others, so both promises hold at once.
Only then does the hall's policy choose. Because a line is ordered by its wait, only its front matters - and, for attainment,
the first of the line who can still make the goal - so a call costs the number of lines, not the number of people.
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
    """Those this counter would call, in order, if nobody else called or came."""
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
    """Refuse to call this ticket directly if that broke the bound's promise to somebody who waits longer."""
    for other in _at_their_bound(floor, plan, counter):
        if other.number != ticket.number and other.place < ticket.place:
            raise Refused("bound_reached", number=other.number, times=floor.overtaken[other.number])


def ahead_of(floor: Floor, plan: Plan, ticket: Ticket, now: datetime) -> int:
    """How many who wait for the same service would be called before this ticket if nobody else came."""
    return _ahead(floor, plan, ticket.line[0], _standing(ticket, now, plan), now)


def ahead_of_new(floor: Floor, plan: Plan, service: str, tier: str, now: datetime) -> int:
    """The same for a customer of this tier who takes a number for the service now."""
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
    """Parts of a line that are called in their own order: those past the guard, past the goal, and still in time."""
    guard = bisect_left(line, (now - timedelta(minutes=tier.guard_minutes, microseconds=-1), -1, ""))
    goal = bisect_left(line, (now - timedelta(minutes=tier.goal_minutes), -1, ""))
    yield 0, guard
    yield guard, max(goal, guard)
    yield max(goal, guard), len(line)


def _standing(ticket: Ticket, now: datetime, plan: Plan) -> tuple[int, Rank, tuple[datetime, int], str]:
    """Past the guard by place, then everybody else by the policy's rank; the smaller is called first."""
    if ticket.waited(now) >= plan.tiers[ticket.tier].guard_minutes:
        return (0, (), ticket.place, ticket.number)
    return (1, POLICIES[plan.rules.policy].rank(ticket, now, plan), ticket.place, ticket.number)


def _candidates(floor: Floor, plan: Plan, counter: Counter, now: datetime, gone: set[str]) -> list[Ticket]:
    """The front of every line this counter serves, and the first of each who can still make the goal."""
    found: list[Ticket] = []
    may_call = set(counter.lines)
    attainment = plan.rules.policy == "attainment"
    for (place, tier), line in floor.lines.items():
        if place not in may_call:
            continue
        front = next((n for _, _, n in line if n not in gone), None)
        if front is None:
            continue
        found.append(floor.tickets[front])
        if attainment:
            in_time = now - timedelta(minutes=plan.tiers[tier].goal_minutes)
            start = bisect_left(line, (in_time, -1, ""))
            hopeful = next((line[i][2] for i in range(start, len(line)) if line[i][2] not in gone), None)
            if hopeful is not None and hopeful != front:
                found.append(floor.tickets[hopeful])
    return found


def _at_their_bound(floor: Floor, plan: Plan, counter: Counter) -> list[Ticket]:
    found, may_call, times = [], counter.lines, floor.overtaken.get
    for (place, tier), line in floor.lines.items():
        if place in may_call:
            most = plan.tiers[tier].overtaken_at_most
            found += [floor.tickets[number] for _, _, number in line if times(number, 0) >= most]
    return found


def _overtaken_by(
    floor: Floor, plan: Plan, counter: Counter, called: Ticket, added: dict[str, int]
) -> Iterator[Ticket]:
    """Those who reach their bound once this ticket too is called; those called already are counted in vain."""
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
    """The longest-waiting of those past their guard or at their bound."""
    past = [t for t in fronts if t.waited(now) >= plan.tiers[t.tier].guard_minutes]
    owed = [t for t in bound if t.number not in gone]
    if not past and not owed:
        return None
    ticket = min((*past, *owed), key=lambda t: t.place)
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
    # of equal ranks the longer wait goes first, then the number, so that no two processes ever differ
    ticket = min(pool, key=lambda t: (policy.rank(t, now, plan), t.place, t.number))
    best = min(plan.tiers[t.tier].rank for t in fronts)
    others = any(plan.tiers[t.tier].rank > best for t in fronts)
    preferred = others and plan.tiers[ticket.tier].rank == best
    return Choice(ticket, reason or policy.why(ticket, now, plan), streak + 1 if preferred else 0)


def _ratio_pool(plan: Plan, fronts: list[Ticket], streak: int) -> tuple[list[Ticket], Reason | None]:
    """After `ratio` calls of the best tier in a row, the others have their turn."""
    best = min(plan.tiers[t.tier].rank for t in fronts)
    others = [t for t in fronts if plan.tiers[t.tier].rank > best]
    if others and streak >= plan.rules.ratio:
        return others, Reason("ratio", {"after": plan.rules.ratio})
    return fronts, None
