"""Conformal calibration of a hall's wait ranges: the outcome of each shifts the next, by groups (Mondrian), to keep the coverage.

The coverage is that of the range as shown, after its rounding to sensible minutes. The effect of rounding depends on the length of
the wait, and so do the predictor's errors: so a tier's short, middle and long waits are calibrated separately. So are customers who
find a free counter, whose "under a minute" is nearly always right and must not compensate for the others.
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
"""Bands of likely minutes by their upper bound; longer waits are long. The bounds are those at which `ranges.step` changes."""
CALLS = frozenset({"called", "started"})
AT_ONCE = 2000
"""The most log entries read at once."""


@dataclass(slots=True)
class Calibrations:
    """A hall's calibration, and the last entry of the log it has learned from."""

    calibration: Calibration = field(default_factory=lambda: Calibration(rounded=True))
    seq: int = 0

    def nexts(self, predicted: Mapping[str, Mapping[str, Sequence[float] | None]]) -> dict[str, dict[str, Any]]:
        """The calibrated ranges of a new customer, by service and tier."""
        return {
            service: {tier: self._adjust(tier, minutes) if minutes else None for tier, minutes in tiers.items()}
            for service, tiers in predicted.items()
        }

    def tickets(self, predicted: Mapping[str, Sequence[float]], floor: Floor) -> dict[str, list[float]]:
        """The calibrated ranges of the waiting tickets, by number."""
        return {number: self._adjust(floor.tickets[number].tier, minutes) for number, minutes in predicted.items()}

    def _adjust(self, tier: str, minutes: Sequence[float]) -> list[float]:
        low, likely, high = minutes
        # finer than a tenth: an end often settles where the rounding step changes, and must stay on the side where it was learned
        return [round(end, 3) for end in self.calibration.adjust(group(tier, minutes), low, likely, high)]


def calibrated(house: House, hall: Hall) -> Calibrations:
    """The stored calibration of a hall, or a new one."""
    with house.engine.connect() as connection:
        data = calibrations.read(connection, hall.key)
    if data is None:
        return Calibrations()
    return Calibrations(Calibration.from_data({**data["calibration"], "rounded": True}), data["seq"])


def group(tier: str, predicted: Sequence[float]) -> str:
    """The calibration group of a predicted range (low, likely, high minutes)."""
    _, likely, high = predicted
    if high < 1:
        return f"{tier}/at_once"
    return f"{tier}/{next((name for under, name in BANDS if likely < under), 'long')}"


def learn_today(house: House, hall: Hall) -> int:
    """Update the calibration by the first calls since the last time, predicted range against actual wait; gives how many."""
    hall.catch_up()
    learned = calibrated(house, hall)
    if learned.seq == hall.floor.seq:
        return 0
    with hall.reading() as connection:
        head = ledger.head(connection, hall.key)
        if head is not None and not head.day_seq <= learned.seq <= head.seq:
            # another day, or a log restored from an older backup
            learned.seq = head.day_seq - 1
        entries = list(ledger.events_after(connection, hall.key, learned.seq, AT_ONCE))
        numbers = [str(e.ticket) for e in entries if e.kind in CALLS]
        called = {t.number: t for t in ledger.tickets_named(connection, hall.key, hall.floor.day, numbers)}
    done = 0
    for entry in entries:
        ticket = called.get(str(entry.ticket)) if entry.kind in CALLS else None
        if ticket is not None and _is_first_call(ticket, entry.at.timestamp()):
            predicted = ticket.predicted or (0.0, 0.0, 0.0)
            learned.calibration.update(group(ticket.tier, predicted), *predicted, float(ticket.first_wait or 0.0))
            done += 1
    learned.seq = entries[-1].seq if entries else hall.floor.seq
    data = {"calibration": learned.calibration.as_data(), "seq": learned.seq}
    with house.turns.of(hall.key) as connection:
        calibrations.keep(connection, hall.key, house.clock.now(), data)
    return done


def _is_first_call(ticket: Ticket, at: float) -> bool:
    """Whether this call ended the predicted wait, and not a later one of the same visit."""
    if ticket.predicted is None or ticket.first_wait is None:
        return False
    return abs(ticket.issued_at.timestamp() + 60 * ticket.first_wait - at) < 1
