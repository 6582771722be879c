"""Ranges held to their promise: what came of each one moves the next, tier by tier, and every hall by itself.

It is the range as it is read that keeps the promise, in sensible minutes. How much these take from it depends on how long the wait
is, and so do the faults of whoever foresees it: so a tier's short, middle and long waits are held to it apart, and apart from
them those who find a free counter, whose "under a minute" is nearly always right and must not make up for the others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hallflow.domain.floor import Floor
from hallflow.domain.ticket import Ticket
from hallflow.foresight.waits.calibration import Calibration
from hallflow.hall import Hall
from hallflow.house import House
from hallflow.storage.log import ledger
from hallflow.storage.records import calibrations

BANDS = ((5.0, "short"), (30.0, "middle"))
"""Likely minutes under so many; others are long. The bounds are those at which `ranges.step` changes."""
CALLS = frozenset({"called", "started"})
AT_ONCE = 2000
"""Log entries read in one go."""


@dataclass(slots=True)
class Calibrations:
    """A hall's calibration, and up to which entry of the log it has learned."""

    calibration: Calibration = field(default_factory=lambda: Calibration(rounded=True))
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
        # not to a tenth: an end settles where sensible minutes change, and must be read on the side on which it was learned
        return [round(end, 3) for end in self.calibration.adjust(group(tier, minutes), low, likely, high)]


def calibrated(house: House, hall: Hall) -> Calibrations:
    """What a hall has learned of its own ranges so far."""
    with house.engine.connect() as connection:
        data = calibrations.read(connection, hall.key)
    if data is None:
        return Calibrations()
    return Calibrations(Calibration.from_data({**data["calibration"], "rounded": True}), data["seq"])


def group(tier: str, foreseen: Sequence[float]) -> str:
    """With whom a range (low, likely, high minutes) is held to the promise."""
    _, likely, high = foreseen
    if high < 1:
        return f"{tier}/at_once"
    return f"{tier}/{next((name for under, name in BANDS if likely < under), 'long')}"


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
            foreseen = ticket.predicted or (0.0, 0.0, 0.0)
            kept.calibration.update(group(ticket.tier, foreseen), *foreseen, float(ticket.first_wait or 0.0))
            done += 1
    kept.seq = entries[-1].seq if entries else hall.floor.seq
    data = {"calibration": kept.calibration.as_data(), "seq": kept.seq}
    with house.turns.of(hall.key) as connection:
        calibrations.keep(connection, hall.key, house.clock.now(), data)
    return done


def _is_first_call(ticket: Ticket, at: float) -> bool:
    """Whether this call ended the wait that was foreseen, and not a later one of the same visit."""
    if ticket.predicted is None or ticket.first_wait is None:
        return False
    return abs(ticket.issued_at.timestamp() + 60 * ticket.first_wait - at) < 1
