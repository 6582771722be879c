"""The clerk's available actions (verbs): what can be done at a counter, the event each records, and when each is offered.

`MOVES` and `COUNTER_MOVES` alone decide what a ticket or a counter may do; the table selects from them what a clerk is offered.
What an event means for the counter is derived from `MOVES`, not listed a second time.
"""

from dataclasses import dataclass

from hallflow.domain.counter import COUNTER_MOVES, Counter
from hallflow.domain.ticket import MOVES, Ticket


@dataclass(frozen=True, slots=True)
class Verb:
    """One action of a clerk at a counter."""

    name: str
    """Its name in the API and in the console."""
    event: str
    """The kind of event it records in the log."""
    when: tuple[str, ...]
    """The situations of a counter in which it is offered: closed, paused, free, called or serving."""
    needs: str | None = None
    """The customer a free counter needs for it: one `waiting` for this counter, or one `aside` (parked or missed)."""

    @property
    def of_counter(self) -> bool:
        """Whether it changes the counter's own state and no ticket."""
        return self.event.startswith("counter_")


# of the verbs offered in a situation, the first listed is the most likely next action
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
    """The counter's situation, which decides the verbs it is offered; `held` is the ticket called to it or served at it."""
    if held is not None:
        return held.state
    return "free" if counter.state == "open" else counter.state


def row(counter: Counter, held: Ticket | None) -> list[Verb]:
    """The verbs of the counter's situation, the most likely first; a verb's `needs` may still be unmet."""
    now = situation(counter, held)
    return [verb for verb in VERBS if now in verb.when and (not verb.of_counter or _moves(counter, verb.event))]


def _moves(counter: Counter, kind: str) -> bool:
    """Whether this event changes the counter's state: a paused counter can be opened, an open one cannot."""
    return COUNTER_MOVES[counter.state].get(kind, counter.state) != counter.state
