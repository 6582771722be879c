"""Advice from the twin to the manager: proposed, accepted (which does it), declined, lapsed, and measured when its time is over.

Accepting does what a manager may do from afar. A counter is closed at once, or as soon as whoever stands there has been served;
a counter is lent another service until the advice ends. Nobody can be put on a chair from afar: to open a counter, or to end a
pause, its clerk is asked, on their console and at the sign-in, and the advice is done when they sit there.
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
"""A proposal nobody decides on in this time lapses; so does what was asked of a clerk who did not come."""


def advise(house: House, hall: Hall) -> int:
    """Look an hour ahead, propose what helps, let go of what helps no longer. How many advices changed."""
    from hallflow.foresight.advice.advising import advise as look

    floor, now = hall.floor, hall.clock.now()
    with hall.reading() as connection:
        given = advices.today(connection, hall.key, floor.day).given
        learned = learned_on(connection, hall.plan)
        seats, rests = seats_on(connection, hall.plan, floor.day), rests_on(connection, hall.plan, floor.day)
    with one_at_a_time():
        found = look(
            floor, hall.plan, learned, now, _given(given), _asked(given), seed=floor.seq, seats=seats, rests=rests
        )
    wanted = {one.key: one for one in found}
    changed = 0
    with house.turns.of(hall.key) as connection:
        for kept in advices.today(connection, hall.key, floor.day).given:
            if kept.state != "proposed":
                continue
            again = wanted.pop(_key(kept), None)
            # what still helps is told with the times and figures of now, so that no two advices tell of two different hours
            told = kept.now("lapsed", why="no_longer") if again is None else _renewed(kept, again, floor.seq)
            if told != kept:
                advices.keep(connection, told)
                changed += 1
        for one in wanted.values():
            advices.add(connection, hall.key, floor.day, now, one.start, one.end, _data(one, floor.seq))
            changed += 1
    if changed:
        _tell(house, hall)
    return changed


def _renewed(kept: AdviceRow, again: "Advice", seq: int) -> AdviceRow:
    # its times as well: nobody is asked at ten to come at five to ten
    return replace(kept.now(**_data(again, seq)), starts_at=again.start, ends_at=again.end)


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
    """Whether to look again: every few minutes, or at once when many have come or counters have opened or closed."""
    now, floor = hall.clock.now(), hall.floor
    here = Review(now, floor.waiting_count(), len(floor.open_counters()))
    last = _looked.get(hall)
    if last is not None and not review_due(last, here):
        return False
    _looked[hall] = here
    return True


def accept(house: House, hall: Hall, number: int, by: str) -> AdviceRow:
    """Do what was advised, as far as it can be done from here."""
    with hall.change() as change:
        kept = _proposed(change, number)
        done = follow(change, kept)
        kept = kept.now("done" if done else "accepted", by=by, decided_at=change.now.isoformat())
        advices.keep(change.connection, kept)
    _tell(house, hall)
    return kept


def decline(house: House, hall: Hall, number: int, by: str, why: str | None = None) -> AdviceRow:
    """Leave it; it is not advised again within its time unless things turn out otherwise than foreseen."""
    with hall.change() as change:
        kept = _proposed(change, number)
        kept = kept.now("declined", by=by, decided_at=change.now.isoformat(), why=why)
        advices.keep(change.connection, kept)
    _tell(house, hall)
    return kept


def settle(house: House, hall: Hall) -> int:
    """Do what was waiting for its moment, let lapse what was waited for in vain, and measure what is over. How many changed."""
    floor, now = hall.floor, hall.clock.now()
    with hall.reading() as connection:
        given = advices.today(connection, hall.key, floor.day).given
    due = [kept for kept in given if _is_due(kept, floor.counters.get(kept.data["counter"]), now)]
    changed = 0
    for one in due:
        with hall.change() as change:
            kept = _find(change, one.id)
            counter = change.floor.counters.get(kept.data["counter"])
            # somebody may have decided, or come, since it was looked at
            if _is_due(kept, counter, change.now):
                advices.keep(change.connection, _settled(change, kept, counter))
                changed += 1
    if changed:
        _tell(house, hall)
    return changed


def _is_due(kept: AdviceRow, counter: Counter | None, now: datetime) -> bool:
    if kept.state == "proposed":
        return now >= min(kept.made_at + timedelta(minutes=DECIDE_MINUTES), _decided_by(kept))
    if kept.state == "accepted":
        if counter is not None and is_closing(kept, counter):
            return counter.ticket is None
        late = kept.data["kind"] != "break" and now >= kept.starts_at + timedelta(minutes=DECIDE_MINUTES)
        return late or counter is None or has_happened(kept, counter, now)
    return kept.state == "done" and now >= kept.ends_at and "measured" not in kept.data


def _decided_by(kept: AdviceRow) -> datetime:
    """When it is too late to decide: a break that has begun cannot be moved."""
    return kept.starts_at if kept.data["kind"] == "break" else kept.ends_at


def _settled(change: Change, kept: AdviceRow, counter: Counter | None) -> AdviceRow:
    if kept.state == "proposed":
        return kept.now("lapsed", why="undecided")
    if kept.state == "done":
        if kept.data["kind"] == "lend" and counter is not None:
            give_back(change, counter, kept)
        return kept.now(measured=measured(change.connection, kept))
    if counter is not None and is_closing(kept, counter):
        close(change, counter, kept)
        return kept.now("done")
    if counter is not None and has_happened(kept, counter, change.now):
        return kept.now("done", happened_at=change.now.isoformat())
    return kept.now("lapsed", why="nobody_came")


def _find(change: Change, number: int) -> AdviceRow:
    found = advices.find(change.connection, change.hall.key, change.floor.day, number)
    if found is None:
        raise Unknown("no_advice", field="advice", advice=number)
    return found


def _proposed(change: Change, number: int) -> AdviceRow:
    kept = _find(change, number)
    change.noted = True
    if kept.state != "proposed":
        raise Refused("advice_decided", field="advice", advice=number)
    if change.now >= _decided_by(kept):
        raise Refused("advice_over", field="advice", advice=number)
    return kept


# ---- what was advised before, as the twin takes it ----


def _key(kept: AdviceRow) -> tuple[str, str, tuple[str, ...]]:
    return kept.data["kind"], kept.data["counter"], tuple(kept.data["services"])


def _given(today: Sequence[AdviceRow]) -> "list[PastAdvice]":
    from hallflow.foresight.advice.steadiness import PastAdvice

    found = []
    for kept in today:
        if kept.data.get("why") == "no_longer":
            continue
        wait = kept.data["after" if kept.state in ("accepted", "done") else "before"]["wait"]
        kind, counter, services = _key(kept)
        found.append(PastAdvice(kind, counter, kept.ends_at, wait["low"], wait["high"], kept.state, services))
    return found


def _asked(today: Sequence[AdviceRow]) -> "list[CounterChange]":
    """What was accepted and has not happened yet; closing counters are paused, and so on their way already."""
    from hallflow.foresight.twin.openings import CounterChange

    waiting = [kept for kept in today if kept.state == "accepted" and kept.data["kind"] in ("open", "back")]
    return [
        CounterChange(kept.data["counter"], True, kept.starts_at, kept.ends_at, tuple(kept.data["services"]) or None)
        for kept in waiting
    ]
