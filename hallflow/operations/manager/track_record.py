"""Forecast verification of a hall's waits (track record): past days from the history, today from the present tickets."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from hallflow.domain.refusals import Malformed
from hallflow.domain.ticket import Ticket
from hallflow.domain.waits.track_record import LOADS, Outcome, record
from hallflow.hall import Hall
from hallflow.house import House
from hallflow.operations.manager.reports import DAYS_AT_MOST
from hallflow.storage.log import ledger
from hallflow.storage.records import history

DAYS = 28
"""The days shown by default."""


def track_record(house: House, hall: Hall, first: date | None, last: date | None) -> dict[str, Any]:
    """The scores of the waits shown on these days, with the names of services, tiers and hours."""
    last = last or hall.floor.day
    first = first or last - timedelta(days=DAYS - 1)
    if last < first or last - first > timedelta(days=DAYS_AT_MOST):
        raise Malformed("malformed", field="to", what="to")
    scene, plan = house.scene(hall), hall.plan
    scores = record(_outcomes(hall, first, last))
    named = {
        "services": [(key, scene.service_name(key)) for key in _order(scores["services"], plan.services)],
        "tiers": [(k, plan.tiers[k].name if k in plan.tiers else k) for k in _order(scores["tiers"], plan.tiers)],
        "hours": [(key, f"{key}:00") for key in sorted(scores["hours"])],
        "loads": [(key, None) for key in (*(name for _, name in LOADS), "many") if key in scores["loads"]],
    }
    return (
        {"hall": hall.key, "hall_name": plan.name, "at": scene.now.isoformat(), "zone": str(plan.hours.zone)}
        | {"from": first.isoformat(), "to": last.isoformat()}
        | scores
        | {group: [{"key": k, "name": n} | scores[group][k] for k, n in keys] for group, keys in named.items()}
    )


def _order(keys: dict[str, Any], planned: Any) -> list[str]:
    """Keys in the plan's order; those no longer in the plan come last."""
    return [*(key for key in planned if key in keys), *sorted(keys.keys() - planned.keys())]


def _outcomes(hall: Hall, first: date, last: date) -> Iterator[Outcome]:
    zone = hall.plan.hours.zone
    with hall.reading() as connection:
        for shown in history.shown_between(connection, hall.key, first, last):
            if shown.first_wait is None and shown.called_at is not None:
                # a deferred ticket has no promise any more
                continue
            hour = shown.issued_at.astimezone(zone).hour
            yield Outcome(
                service=shown.service,
                tier=shown.tier,
                hour=hour,
                ahead=shown.ahead or 0,
                low=shown.low,
                likely=shown.likely,
                high=shown.high,
                waited=shown.first_wait,
                others={"typical": shown.typical, "les": shown.les, "queue": shown.queue},
            )
        if first <= hall.floor.day <= last:
            for held in ledger.tickets_of(connection, hall.key, hall.floor.day):
                if (one := _today(held.ticket, held.ticket.issued_at.astimezone(zone).hour)) is not None:
                    yield one


def _today(ticket: Ticket, hour: int) -> Outcome | None:
    """A ticket of today; None while it waits for its first call, and where its promise no longer held at the call."""
    open_still = ticket.state not in ("left", "expired") or ticket.calls > 0
    if ticket.promise is None or (ticket.first_wait is None and open_still):
        return None
    low, likely, high = ticket.promise
    ahead, typical, les, queue = (ticket.baselines or (None,) * 4)[:4]
    others = {"typical": typical, "les": les, "queue": queue}
    service = ticket.legs[0].service
    return Outcome(service, ticket.tier, hour, int(ahead or 0), low, likely, high, ticket.first_wait, others)
