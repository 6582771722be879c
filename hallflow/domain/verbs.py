"""The clerk's verbs: a table of what can be done at a counter, the event that each records, and when each is offered.

What a ticket or a counter may do, `MOVES` and `COUNTER_MOVES` alone decide; the table chooses from it what a clerk is offered. What
an event means for the counter is not listed anywhere: it is read from `MOVES`.
"""

from dataclasses import dataclass

from hallflow.domain.counter import COUNTER_MOVES, Counter
from hallflow.domain.ticket import MOVES, Ticket


@dataclass(frozen=True, slots=True)
class Verb:
    """Something that a clerk does at a counter."""

    name: str
    """As the API and the console call it."""
    event: str
    """What the log keeps of it."""
    when: tuple[str, ...]
    """The situations of a counter in which it is offered: closed, paused, free, called or serving."""
    needs: str | None = None
    """Whom a free counter needs for it: somebody `waiting` for this counter, or somebody `aside` (parked or missed)."""

    @property
    def of_counter(self) -> bool:
        """Whether it changes the counter's own state, and no ticket."""
        return self.event.startswith("counter_")


# in a situation's row the first verb is the one that comes next
VERBS = (
    Verb("call-next", "called", ("free",), needs="waiting"),
    Verb("call", "called", ("free",), needs="waiting"),
    Verb("start", "started", ("free",), needs="waiting"),
    Verb("arrived", "arrived", ("called",)),
    Verb("finish", "finished", ("serving",)),
    Verb("recall", "recalled", ("called",)),
    Verb("miss", "missed", ("called",)),
    Verb("requeue", "requeued", ("called",)),
    Verb("park", "parked", ("serving",)),
    Verb("transfer", "transferred", ("called", "serving")),
    Verb("add-service", "service_added", ("serving",)),
    Verb("open", "counter_opened", ("closed", "paused", "called", "serving")),
    Verb("pause", "counter_paused", ("free", "called", "serving")),
    Verb("close", "counter_closed", ("free", "paused")),
    Verb("walk-in", "started", ("free",)),
    Verb("resume", "resumed", ("free",), needs="aside"),
)
AT_COUNTER = ("called", "serving")
"""The states in which a ticket holds a counter."""
FREES_COUNTER = frozenset(kind for state in AT_COUNTER for kind, to in MOVES[state].items() if to not in AT_COUNTER)
"""The events after which the counter that held the ticket is free."""
ONLY_SERVING = frozenset(MOVES["serving"]) - frozenset(MOVES["called"])
"""The events that happen only to a customer who has arrived at the counter."""


def situation(counter: Counter, held: Ticket | None) -> str:
    """What this counter is in the middle of; `held` is the ticket called to it or served at it."""
    if held is not None:
        return held.state
    return "free" if counter.state == "open" else counter.state


def row(counter: Counter, held: Ticket | None) -> list[Verb]:
    """The verbs that belong to the counter's situation, the one that comes next first; `needs` may still be wanting."""
    now = situation(counter, held)
    return [verb for verb in VERBS if now in verb.when and (not verb.of_counter or _moves(counter, verb.event))]


def _moves(counter: Counter, kind: str) -> bool:
    """Whether this event takes the counter to another state: a paused counter is opened, an open one is not."""
    return COUNTER_MOVES[counter.state].get(kind, counter.state) != counter.state
