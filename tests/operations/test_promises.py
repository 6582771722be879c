"""A ticket's wait promise through its life: shown, kept or broken, apologised for, archived."""

from sqlalchemy import select

from hallflow.hall import Hall
from hallflow.operations.floor import calling, counters, serving, ticketing
from hallflow.operations.floor.recovering import recover
from hallflow.operations.history.keeping import keep_closed_days
from hallflow.storage.log.ledger import held_by_token
from hallflow.storage.tables import visits
from tests.makers import FakeClock, log_of, take
from tests.played import next_day


def kinds(hall: Hall) -> list[str]:
    return [event.kind for event in log_of(hall)]


def test_an_apology_is_made_once_and_told_to_every_process(small_hall: Hall, clock: FakeClock) -> None:
    held = take(small_hall)
    promise = held.ticket.promise
    assert promise is not None
    clock.forward(promise[2] + small_hall.plan.rules.recovery_after_minutes - 0.1)
    assert recover(small_hall) == 0
    clock.forward(0.1)
    assert recover(small_hall) == 1
    clock.forward(60)
    assert recover(small_hall) == 0
    assert kinds(small_hall).count("recovery_opened") == 1
    other = Hall(small_hall.plan, small_hall._turns, clock)
    other.catch_up()
    assert other.floor.tickets["A001"] == small_hall.floor.tickets["A001"]
    with small_hall.reading() as connection:
        stored = held_by_token(connection, held.token)
    assert stored is not None
    assert stored.ticket == small_hall.floor.tickets["A001"]
    assert stored.ticket.recovered_at is not None


def test_nobody_is_apologised_to_who_was_promised_nothing(small_hall: Hall, clock: FakeClock) -> None:
    serving.walk_in(small_hall, "1", "bills")
    patient = take(small_hall)
    take(small_hall)
    ticketing.defer(small_hall, patient)
    counters.close_counter(small_hall, "3")
    assert take(small_hall, "loan").ticket.promise is None, "no counter was open"
    clock.forward(200)
    assert recover(small_hall) == 1
    assert [t.number for t in small_hall.floor.waiting() if t.recovered_at] == ["A003"]


def test_what_was_shown_stays_with_the_visit(small_hall: Hall, clock: FakeClock) -> None:
    first, second = take(small_hall), take(small_hall, "bills", "sim")
    clock.forward(7)
    calling.call_next(small_hall, "1")
    calling.call_next(small_hall, "2")
    calling.arrived(small_hall, "2")
    clock.forward(3)
    sent_on = serving.transfer(small_hall, "2", service="loan").number
    serving.walk_in(small_hall, "2", "sim")
    take(small_hall)
    next_day(small_hall, clock)
    keep_closed_days(small_hall._turns, small_hall)
    with small_hall.reading() as connection:
        rows = connection.execute(select(visits).order_by(visits.c.number, visits.c.leg)).all()
    kept = {(row.number, row.leg): row for row in rows}
    one = kept[first.ticket.number, 0]
    assert (one.low, one.likely, one.high) == first.ticket.promise
    assert (one.ahead, one.typical, one.les, one.queue) == first.ticket.baselines == (0, 0.0, None, None)
    assert one.first_wait == 7
    assert kept[second.ticket.number, 0].first_wait == 7
    assert kept[sent_on, 1].low is None, "the first wait was promised, not the next"
    assert kept["B001", 0].low is None, "a walk-in was promised nothing"
    assert kept["A003", 0].first_wait is None, "promised, and never called"
    assert kept["A003", 0].high is not None
