"""Ranges held to their promise: what came of each one moves the next, tier by tier, and every hall by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hallflow.domain.floor import Floor
from hallflow.domain.ticket import Ticket
from hallflow.foresight.calibration import Calibration
from hallflow.hall import Hall
from hallflow.operations.house import House
from hallflow.storage import calibrations, ledger

CALLS = frozenset({"called", "started"})
AT_ONCE = 2000
"""Log entries read in one go."""


@dataclass(slots=True)
class Kept:
    """A hall's calibration, and up to which entry of the log it has learned."""

    calibration: Calibration = field(default_factory=Calibration)
    seq: int = 0

    def nexts(self, foreseen: Mapping[str, Mapping[str, Sequence[float] | None]]) -> dict[str, dict[str, Any]]:
        """The ranges of whoever takes a number now, by service and tier, as they are to be shown."""
        return {
            service: {tier: self._adjust(tier, minutes) if minutes else None for tier, minutes in tiers.items()}
            for service, tiers in foreseen.items()
        }

    def tickets(self, foreseen: Mapping[str, Sequence[float]], floor: Floor) -> dict[str, list[float]]:
        """The ranges of those who wait, by number."""
        return {number: self._adjust(floor.tickets[number].tier, minutes) for number, minutes in foreseen.items()}

    def _adjust(self, tier: str, minutes: Sequence[float]) -> list[float]:
        low, likely, high = minutes
        return [round(end, 1) for end in self.calibration.adjust(tier, low, likely, high)]


def calibrated(house: House, hall: Hall) -> Kept:
    """What a hall has learned of its own ranges so far."""
    with house.engine.connect() as connection:
        data = calibrations.read(connection, hall.key)
    return Kept(Calibration.from_data(data["calibration"]), data["seq"]) if data else Kept()


def learn_today(house: House, hall: Hall) -> int:
    """Learn from the calls since the last time: what was foreseen at issue against what happened. How many."""
    hall.catch_up()
    kept = calibrated(house, hall)
    if kept.seq == hall.floor.seq:
        return 0
    with hall.reading() as connection:
        head = ledger.head(connection, hall.key)
        if head is not None and not head.day_seq <= kept.seq <= head.seq:
            # another day, or a log brought back from an older copy
            kept.seq = head.day_seq - 1
        entries = list(ledger.events_after(connection, hall.key, kept.seq, AT_ONCE))
        numbers = [str(e.ticket) for e in entries if e.kind in CALLS]
        called = {t.number: t for t in ledger.tickets_named(connection, hall.key, hall.floor.day, numbers)}
    done = 0
    for entry in entries:
        ticket = called.get(str(entry.ticket)) if entry.kind in CALLS else None
        if ticket is not None and _is_first_call(ticket, entry.at.timestamp()):
            low, likely, high = ticket.foreseen or (0.0, 0.0, 0.0)
            kept.calibration.update(ticket.tier, low, likely, high, float(ticket.first_wait or 0.0))
            done += 1
    kept.seq = entries[-1].seq if entries else hall.floor.seq
    data = {"calibration": kept.calibration.as_data(), "seq": kept.seq}
    with house.turns.of(hall.key) as connection:
        calibrations.keep(connection, hall.key, house.clock.now(), data)
    return done


def _is_first_call(ticket: Ticket, at: float) -> bool:
    """Whether this call ended the wait that was foreseen, and not a later one of the same visit."""
    if ticket.foreseen is None or ticket.first_wait is None:
        return False
    return abs(ticket.issued_at.timestamp() + 60 * ticket.first_wait - at) < 1
