"""The audit trail (story) of one ticket from the log: each call decided once more from the floor of that moment, and compared.

The log stores the counters' services of every day, so these are those of that moment. It does not store tiers and rules: a call
is checked against those of the present plan. Where the log shows that other rules held (a reason that the present policy does not
give, another guard, a wait within a goal that has changed), the verdict says so instead of blaming the call.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from hallflow.domain.events import Event
from hallflow.domain.floor import Floor
from hallflow.domain.floor_events import evolve
from hallflow.domain.plan import Plan
from hallflow.domain.refusals import Refused
from hallflow.domain.routing import Choice, check_bound, choose
from hallflow.domain.ticket import Ticket

CALLS = ("called", "started")
ALWAYS = frozenset({"guard", "bound"})
REASONS = {
    "first_come": frozenset({"first_come"}),
    "strict": frozenset({"strict"}),
    "ratio": frozenset({"strict", "ratio"}),
    "earliest_due": frozenset({"earliest_due"}),
    "accumulating": frozenset({"accumulating"}),
    "cmu": frozenset({"cmu"}),
    "attainment": frozenset({"slack", "rest"}),
}
"""The reasons each policy gives; those in `ALWAYS` come under any policy."""


@dataclass(frozen=True, slots=True)
class Overtaking:
    """A later arrival that a counter called before this ticket, which it could have served."""

    at: datetime
    number: str
    counter: str


@dataclass(frozen=True, slots=True)
class Check:
    """The result of deciding a call once more.

    The verdict is same, other_turn, other_reason or nobody for a call in turn; by_name or bound_broken for one by name; walk_in
    where nobody was called; other_rules where the log shows that today's rules are not those of the call; unknown where today's
    plan lacks what is needed.
    """

    verdict: str
    choice: Choice | None = None
    """Whose turn it was by the present rules, at a call in turn or by name."""
    broken: Refused | None = None
    """The refusal that names who had to be called first, where a call by name broke the bound."""
    missing: str | None = None
    """The key that the present plan lacks."""


@dataclass(frozen=True, slots=True)
class StoryEntry:
    """One event of a ticket's story, with the ticket before and after it."""

    event: Event
    before: Ticket | None
    after: Ticket | None
    check: Check | None = None
    overtaken: tuple[Overtaking, ...] = ()
    """At a call: the tickets that overtook it since it joined its line."""


@dataclass(slots=True)
class Story:
    """A ticket's entries, and its state after the last."""

    hall: str
    day: date
    number: str
    entries: list[StoryEntry] = field(default_factory=list)
    ticket: Ticket | None = None


def explain(plan: Plan, day: date, number: str, events: Iterable[Event]) -> Story:
    """The story of a ticket; `events` are the log from the event that opened its day on."""
    story, overtaken = Story(plan.hall, day, number), list[Overtaking]()
    floor: Floor | None = None
    for event in events:
        floor = floor or Floor(plan.hall, date.min, event.seq - 1)
        if event.kind == "day_opened" and floor.day > day:
            break
        today = floor.day == day
        before = floor.tickets.get(number) if today else None
        times = floor.overtaken.get(number, 0)
        mine = event.ticket == number and (today or _rates(event, day))
        check = _check(floor, plan, before, event) if mine and before and event.kind in CALLS else None
        after = evolve(floor, event)
        if mine:
            _add(story, StoryEntry(event, before, after, check, tuple(overtaken) if check else ()))
        if number not in floor.overtaken:
            # the ticket has a new place in line, so its count of overtakings begins again
            overtaken = []
        elif floor.overtaken[number] > times:
            overtaken.append(Overtaking(event.at, str(event.ticket), str(event.counter)))
    return story


def _add(story: Story, entry: StoryEntry) -> None:
    story.entries.append(entry)
    if entry.after is not None:
        story.ticket = entry.after
    elif story.ticket is not None:
        story.ticket = replace(story.ticket, stars=entry.event.data.get("stars"))


def _rates(event: Event, day: date) -> bool:
    """Whether this event is the rating of that day's visit, given after the day."""
    return event.kind == "rated" and event.data.get("day") == day.isoformat()


def _check(floor: Floor, plan: Plan, ticket: Ticket, event: Event) -> Check:
    code = event.data["reason"]["code"]
    if code == "walk_in":
        return Check("walk_in")
    try:
        choice = choose(floor, plan, floor.counter(str(event.counter)), event.at)
        if code in ("by_hand", "at_counter"):
            return _by_name(floor, plan, ticket, event, choice)
        return _in_turn(plan, ticket, event, choice)
    except KeyError as missing:
        return Check("unknown", missing=str(missing.args[0]))


def _in_turn(plan: Plan, ticket: Ticket, event: Event, choice: Choice | None) -> Check:
    chosen = choice is not None and choice.ticket.number == ticket.number
    if choice is not None and chosen and choice.reason.as_data() == dict(event.data["reason"]):
        return Check("same", choice)
    if _other_rules(plan, ticket, event):
        return Check("other_rules", choice)
    if choice is None:
        return Check("nobody")
    return Check("other_reason" if chosen else "other_turn", choice)


def _by_name(floor: Floor, plan: Plan, ticket: Ticket, event: Event, choice: Choice | None) -> Check:
    try:
        check_bound(floor, plan, floor.counter(str(event.counter)), ticket)
    except Refused as broken:
        return Check("bound_broken", choice, broken)
    return Check("by_name", choice)


def _other_rules(plan: Plan, ticket: Ticket, event: Event) -> bool:
    """Whether the call's own data show that the plan has changed since."""
    tier, waited, reason = plan.tiers[ticket.tier], ticket.waited(event.at), event.data["reason"]
    within = waited <= tier.goal_minutes
    return (
        reason["code"] not in REASONS[plan.rules.policy] | ALWAYS
        or reason.get("guard", int(tier.guard_minutes)) != int(tier.guard_minutes)
        or reason.get("times", tier.overtaken_at_most) < tier.overtaken_at_most
        or event.data.get("within", within) != within
    )
