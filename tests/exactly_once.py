"""Invariants of every log, whatever happened to the processes that wrote it."""

from collections.abc import Sequence

from hallflow.domain.events import Event

ENDS = ("finished", "leg_finished", "missed", "parked", "requeued", "transferred", "left", "expired")
"""After these a counter holds the ticket no more."""


def check_events(events: Sequence[Event]) -> None:
    """The log is gapless and in order, gives no number twice, and calls nobody who is already called."""
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert [event.at for event in events] == sorted(event.at for event in events)
    issued = [event.ticket for event in events if event.kind == "issued"]
    assert len(issued) == len(set(issued)), "a number was given twice"
    held: dict[str, str] = {}
    for event in events:
        if event.kind in ("called", "started"):
            assert event.ticket not in held, f"{event.ticket} was called by two counters"
            assert event.counter not in held.values(), f"counter {event.counter} held two"
            held[str(event.ticket)] = str(event.counter)
        elif event.kind in ENDS:
            held.pop(str(event.ticket), None)
