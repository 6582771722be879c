"""Intraday staffing recommendations (advice) and their life: proposed, accepted or declined, lapsed or done, then measured.

Accepting carries out what is possible remotely. A counter is closed at once, or when its customer has been served; a counter offers
another service until the advice ends. Opening a counter or ending a pause needs its clerk, who is asked on the console and at the
sign-in; the advice is done when the counter is open.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from hallflow.domain.counter import Counter
from hallflow.domain.refusals import Refused, Unknown
from hallflow.domain.roster.breaks import PlannedBreak
from hallflow.foresight.advice.steadiness import Review, review_due
from hallflow.hall import Change, Hall
from hallflow.house import House
from hallflow.operations.advice.following import close, follow, give_back, has_happened, is_closing
from hallflow.operations.advice.measuring import measured
from hallflow.operations.outlook.heavy import one_at_a_time
from hallflow.operations.outlook.learning import learned_on
from hallflow.storage.records import advices
from hallflow.storage.records.advices import AdviceRow
from hallflow.storage.records.rosters import rests_on, seats_on

if TYPE_CHECKING:
    from hallflow.foresight.advice.advice import Advice
    from hallflow.foresight.advice.steadiness import PastAdvice
    from hallflow.foresight.twin.openings import CounterChange

DECIDE_MINUTES = 15
"""The time after which an undecided proposal lapses, and a request to a clerk who has not come."""


def advise(house: House, hall: Hall) -> int:
    """Evaluate the next hour, propose what helps, and let proposals lapse that no longer help; gives how many changed."""
    from hallflow.foresight.advice.advising import advise as look

    floor, now = hall.floor, hall.clock.now()
    with hall.reading() as connection:
        given = advices.today(connection, hall.key, floor.day).given
        learned = learned_on(connection, hall.plan)
        seats, rests = seats_on(connection, hall.plan, floor.day), rests_on(connection, hall.plan, floor.day)
    with one_at_a_time():
        advised = look(
            floor, hall.plan, learned, now, _given(given), _asked(given), seed=floor.seq, seats=seats, rests=rests
        )
    wanted = {one.key: one for one in advised}
    changed = 0
    with house.turns.of(hall.key) as connection:
        for row in advices.today(connection, hall.key, floor.day).given:
            if row.state != "proposed":
                continue
            again = wanted.pop(_key(row), None)
            # a proposal that still helps gets the present times and figures, so that all proposals cover the same hour
            renewed = row.now("lapsed", why="no_longer") if again is None else _renewed(row, again, floor.seq)
            if renewed != row:
                advices.keep(connection, renewed)
                changed += 1
        for one in wanted.values():
            advices.add(connection, hall.key, floor.day, now, one.start, one.end, _data(one, floor.seq))
            changed += 1
    if changed:
        _tell(house, hall)
    return changed


def _renewed(row: AdviceRow, again: "Advice", seq: int) -> AdviceRow:
    # its times move too, so that nobody is asked to come at a time that has passed
    return replace(row.now(**_data(again, seq)), starts_at=again.start, ends_at=again.end)


def _tell(house: House, hall: Hall) -> None:
    house.read_advice(hall)
    hall.on_change(hall)


def _data(one: "Advice", seq: int) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "counter": one.counter,
        "services": list(one.services),
        "lent": list(one.lent),
        "reason": {"code": one.reason.code, "facts": dict(one.reason.facts)},
        "staff_minutes": one.staff_minutes,
        "before": one.before,
        "after": one.after,
        "change": one.change,
        "early": one.early,
        **({"break": _break(one.rest, one.later)} if one.rest is not None else {}),
        "seq": seq,
    }


def _break(rest: PlannedBreak, later: timedelta) -> dict[str, Any]:
    return {
        "person": rest.person,
        "from": rest.start.isoformat(),
        "to": (rest.start + later).isoformat(),
        "minutes": round(later.total_seconds() / 60),
    }


_looked: WeakKeyDictionary[Hall, Review] = WeakKeyDictionary()


def is_time(hall: Hall) -> bool:
    """Whether to review again: every few minutes, or at once after many arrivals or a change of counters."""
    now, floor = hall.clock.now(), hall.floor
    here = Review(now, floor.waiting_count(), len(floor.open_counters()))
    last = _looked.get(hall)
    if last is not None and not review_due(last, here):
        return False
    _looked[hall] = here
    return True


def accept(house: House, hall: Hall, number: int, by: str) -> AdviceRow:
    """Accept an advice and carry it out as far as possible remotely."""
    with hall.change() as change:
        row = _proposed(change, number)
        done = follow(change, row)
        row = row.now("done" if done else "accepted", by=by, decided_at=change.now.isoformat())
        advices.keep(change.connection, row)
    _tell(house, hall)
    return row


def decline(house: House, hall: Hall, number: int, by: str, why: str | None = None) -> AdviceRow:
    """Decline an advice; within its time it is proposed again only if the situation departs from the forecast."""
    with hall.change() as change:
        row = _proposed(change, number)
        row = row.now("declined", by=by, decided_at=change.now.isoformat(), why=why)
        advices.keep(change.connection, row)
    _tell(house, hall)
    return row


def settle(house: House, hall: Hall) -> int:
    """Carry out what has become possible, let lapse what has timed out, and measure what is over; gives how many changed."""
    floor, now = hall.floor, hall.clock.now()
    with hall.reading() as connection:
        given = advices.today(connection, hall.key, floor.day).given
    due = [row for row in given if _is_due(row, floor.counters.get(row.data["counter"]), now)]
    changed = 0
    for one in due:
        with hall.change() as change:
            row = _find(change, one.id)
            counter = change.floor.counters.get(row.data["counter"])
            # its state may have changed since it was read outside the turn
            if _is_due(row, counter, change.now):
                advices.keep(change.connection, _settled(change, row, counter))
                changed += 1
    if changed:
        _tell(house, hall)
    return changed


def _is_due(row: AdviceRow, counter: Counter | None, now: datetime) -> bool:
    if row.state == "proposed":
        return now >= min(row.made_at + timedelta(minutes=DECIDE_MINUTES), _decided_by(row))
    if row.state == "accepted":
        if counter is not None and is_closing(row, counter):
            return counter.ticket is None
        late = row.data["kind"] != "break" and now >= row.starts_at + timedelta(minutes=DECIDE_MINUTES)
        return late or counter is None or has_happened(row, counter, now)
    return row.state == "done" and now >= row.ends_at and "measured" not in row.data


def _decided_by(row: AdviceRow) -> datetime:
    """The latest moment of a decision: a break that has begun cannot be moved."""
    return row.starts_at if row.data["kind"] == "break" else row.ends_at


def _settled(change: Change, row: AdviceRow, counter: Counter | None) -> AdviceRow:
    if row.state == "proposed":
        return row.now("lapsed", why="undecided")
    if row.state == "done":
        if row.data["kind"] == "lend" and counter is not None:
            give_back(change, counter, row)
        return row.now(measured=measured(change.connection, row))
    if counter is not None and is_closing(row, counter):
        close(change, counter, row)
        return row.now("done")
    if counter is not None and has_happened(row, counter, change.now):
        return row.now("done", happened_at=change.now.isoformat())
    return row.now("lapsed", why="nobody_came")


def _find(change: Change, number: int) -> AdviceRow:
    row = advices.find(change.connection, change.hall.key, change.floor.day, number)
    if row is None:
        raise Unknown("no_advice", field="advice", advice=number)
    return row


def _proposed(change: Change, number: int) -> AdviceRow:
    row = _find(change, number)
    change.noted = True
    if row.state != "proposed":
        raise Refused("advice_decided", field="advice", advice=number)
    if change.now >= _decided_by(row):
        raise Refused("advice_over", field="advice", advice=number)
    return row


# ---- earlier advice, as input of the twin ----


def _key(row: AdviceRow) -> tuple[str, str, tuple[str, ...]]:
    return row.data["kind"], row.data["counter"], tuple(row.data["services"])


def _given(today: Sequence[AdviceRow]) -> "list[PastAdvice]":
    from hallflow.foresight.advice.steadiness import PastAdvice

    given = []
    for row in today:
        if row.data.get("why") == "no_longer":
            continue
        wait = row.data["after" if row.state in ("accepted", "done") else "before"]["wait"]
        kind, counter, services = _key(row)
        given.append(PastAdvice(kind, counter, row.ends_at, wait["low"], wait["high"], row.state, services))
    return given


def _asked(today: Sequence[AdviceRow]) -> "list[CounterChange]":
    """Accepted openings that have not happened yet; counters about to close are paused already."""
    from hallflow.foresight.twin.openings import CounterChange

    waiting = [row for row in today if row.state == "accepted" and row.data["kind"] in ("open", "back")]
    return [
        CounterChange(row.data["counter"], True, row.starts_at, row.ends_at, tuple(row.data["services"]) or None)
        for row in waiting
    ]
