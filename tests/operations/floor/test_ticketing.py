"""The customer's actions: take a number, return late, defer, leave, rate."""

from datetime import timedelta

import pytest

from hallflow.domain.refusals import Malformed
from hallflow.hall import Hall
from hallflow.operations.checks import normal_card, normal_phone
from hallflow.operations.floor import calling, counters, serving, ticketing
from hallflow.operations.floor.ticketing import Wish
from hallflow.storage.log import ledger
from tests.makers import WEDNESDAY, FakeClock, a_hall, a_plan, a_visit, log_of, take
from tests.operations.refusing import refuses


def test_numbers_are_given_by_letter_in_order(small_hall: Hall) -> None:
    taken = [take(small_hall, service).ticket.number for service in ("bills", "sim", "bills", "loan", "bills")]
    assert taken == ["A001", "B001", "A002", "C001", "A003"]


def test_a_number_past_999_grows_a_digit(small_hall: Hall) -> None:
    with small_hall.change() as change:
        change.floor.numbers["A"] = 998
        change.record("counter_opened", counter="1", clerk="x")
    assert [take(small_hall).ticket.number for _ in range(2)] == ["A999", "A1000"]


def test_the_tier_comes_from_card_or_register(small_hall: Hall) -> None:
    assert take(small_hall).ticket.tier == "standard"
    assert take(small_hall, card="8812").ticket.tier == "gold"
    assert take(small_hall, known_tier="silver").ticket.tier == "silver"


def test_a_new_ticket_is_promised_what_was_shown(small_hall: Hall) -> None:
    first = take(small_hall, language="en").ticket
    assert (first.state, first.language, first.promise) == ("waiting", "en", (0, 0, 1))
    assert first.issued_at == WEDNESDAY


def test_without_an_open_counter_nothing_is_promised(small_hall: Hall) -> None:
    counters.close_counter(small_hall, "3")
    assert take(small_hall, "loan").ticket.promise is None


def test_the_same_visit_gives_the_same_ticket(small_hall: Hall) -> None:
    visit = a_visit()
    first, new = ticketing.take_ticket(small_hall, Wish(["bills"], visit=visit))
    again, new_again = ticketing.take_ticket(small_hall, Wish(["sim"], visit=visit))
    assert (new, new_again) == (True, False)
    assert again == first
    assert small_hall.floor.waiting_count() == 1


def test_the_same_visit_shows_the_ticket_as_it_is_now(small_hall: Hall) -> None:
    visit = a_visit()
    take(small_hall, visit=visit)
    calling.call_next(small_hall, "1")
    again, _ = ticketing.take_ticket(small_hall, Wish(["bills"], visit=visit))
    assert (again.ticket.state, again.ticket.counter) == ("called", "1")


@pytest.mark.parametrize(
    ("services", "code"),
    [
        ([], "no_service"),
        (["passport"], "not_offered"),
        (["nothing"], "no_service"),
        (["bills", "nothing"], "no_service"),
    ],
)
def test_what_the_hall_does_not_offer_is_refused(small_hall: Hall, services: list[str], code: str) -> None:
    with refuses(small_hall, code):
        ticketing.take_ticket(small_hall, Wish(services))


def test_a_service_no_counter_offers_is_refused(engine, clock: FakeClock) -> None:
    hall = a_hall(engine, a_plan(counters={"1": ("bills",)}), clock)
    with refuses(hall, "no_open_counter"):
        take(hall, "loan")


def test_a_closed_hall_gives_no_numbers(small_hall: Hall, clock: FakeClock) -> None:
    clock.forward(hours=9)
    with refuses(small_hall, "closed_hall"):
        take(small_hall)


def test_a_full_hall_gives_no_numbers(engine, clock: FakeClock) -> None:
    hall = a_hall(engine, a_plan(waiting_at_most=2), clock)
    take(hall)
    take(hall)
    with refuses(hall, "full", waiting=2):
        take(hall)
    calling.call_next(hall, "1")
    assert take(hall).ticket.number == "A003"


def test_a_customer_may_leave_while_waiting_called_or_set_aside(small_hall: Hall) -> None:
    held = take(small_hall)
    assert ticketing.leave(small_hall, held).state == "left"
    with refuses(small_hall, "visit_over"):
        ticketing.leave(small_hall, held)
    called = take(small_hall)
    calling.call_next(small_hall, "1")
    ticketing.leave(small_hall, called)
    assert small_hall.floor.counters["1"].ticket is None
    assert small_hall.floor.tally.left == 2


def test_a_customer_being_served_cannot_leave(small_hall: Hall) -> None:
    held = take(small_hall)
    calling.start(small_hall, "1", "A001")
    with refuses(small_hall, "not_now", state="serving", verb="left"):
        ticketing.leave(small_hall, held)


def order(hall: Hall) -> list[str]:
    return [number for line in hall.floor.lines.values() for _, _, number in line]


def test_deferring_lets_so_many_of_the_own_line_first(small_hall: Hall, clock: FakeClock) -> None:
    held = [take(small_hall) for _ in range(4) if clock.forward(1)]
    ticketing.defer(small_hall, held[0], 2)
    assert order(small_hall) == ["A002", "A003", "A001", "A004"]
    ticketing.defer(small_hall, held[0], 9)
    assert order(small_hall) == ["A002", "A003", "A004", "A001"]


def test_deferring_at_the_end_of_the_line_costs_nothing(small_hall: Hall, clock: FakeClock) -> None:
    held = take(small_hall)
    clock.forward(4)
    assert ticketing.defer(small_hall, held, 2).waited(clock.now()) == 4


def test_only_who_waits_may_defer(small_hall: Hall) -> None:
    held = take(small_hall)
    calling.call_next(small_hall, "1")
    with refuses(small_hall, "not_now", state="called"):
        ticketing.defer(small_hall, held)


def missed(hall: Hall, clock: FakeClock, calls: int):
    """A ticket missed, after which so many others of its service were called; five more wait."""
    held = take(hall)
    clock.forward(1)
    calling.call_next(hall, "1")
    calling.miss(hall, "1")
    for _ in range(calls):
        take(hall)
        clock.forward(1)
        calling.call_next(hall, "1")
        calling.arrived(hall, "1")
        serving.finish(hall, "1")
    for _ in range(5):
        take(hall)
        clock.forward(1)
    return held


@pytest.mark.parametrize(("calls", "place"), [(0, 0), (3, 0), (4, 3), (5, 3)])
def test_late_customers_are_next_or_some_places_on(small_hall: Hall, clock: FakeClock, calls: int, place: int) -> None:
    held = missed(small_hall, clock, calls)
    assert ticketing.come_late(small_hall, held).state == "waiting"
    assert order(small_hall).index("A001") == place


def test_too_late_needs_a_new_number(small_hall: Hall, clock: FakeClock) -> None:
    held = missed(small_hall, clock, 6)
    with refuses(small_hall, "too_late", calls=6):
        ticketing.come_late(small_hall, held)


def test_only_who_was_missed_comes_late(small_hall: Hall) -> None:
    held = take(small_hall)
    with refuses(small_hall, "not_now", state="waiting"):
        ticketing.come_late(small_hall, held)


def test_a_served_customer_rates_the_visit_once(small_hall: Hall) -> None:
    held = take(small_hall)
    with refuses(small_hall, "not_over"):
        ticketing.rate(small_hall, held, 5)
    calling.start(small_hall, "1", "A001")
    serving.finish(small_hall, "1")
    assert ticketing.rate(small_hall, held, 4).stars == 4
    assert small_hall.floor.tally.stars == (1, 4)
    with refuses(small_hall, "rated_already"):
        ticketing.rate(small_hall, held, 1)
    with small_hall.reading() as connection:
        stored = ledger.held_by_token(connection, held.token)
    assert stored is not None
    assert stored.ticket.stars == 4


def test_yesterdays_number_moves_nothing_today(small_hall: Hall, clock: FakeClock) -> None:
    held = take(small_hall)
    clock.forward(hours=23)
    take(small_hall)
    with refuses(small_hall, "visit_over"):
        ticketing.leave(small_hall, held)
    assert small_hall.floor.tickets["A001"].state == "waiting"


def test_the_log_holds_neither_token_nor_card(small_hall: Hall) -> None:
    held = take(small_hall, card="8812345678", visit="0123456789abcdef")
    text = repr(log_of(small_hall))
    assert held.token not in text
    assert "8812345678" not in text
    assert "0123456789abcdef" not in text


def test_a_clock_set_back_does_not_make_the_log_run_backwards(small_hall: Hall, clock: FakeClock) -> None:
    take(small_hall)
    clock.forward(-30)
    take(small_hall)
    moments = [event.at for event in log_of(small_hall)]
    assert moments == sorted(moments)


@pytest.mark.parametrize(("text", "card"), [("8812 3456", "88123456"), ("66-12-ab", "6612ab")])
def test_a_card_may_be_written_with_spaces(text: str, card: str) -> None:
    assert normal_card(text) == card


@pytest.mark.parametrize("text", ["", "12", "8812!", "x" * 33, "８８１２"])
def test_what_cannot_be_a_card_is_refused(text: str) -> None:
    with pytest.raises(Malformed) as fault:
        normal_card(text)
    assert (fault.value.code, fault.value.field) == ("bad_card", "card")


def test_a_phone_number_has_one_form() -> None:
    assert normal_phone("138 0013 8000") == normal_phone("+8613800138000") == "+8613800138000"
    with pytest.raises(Malformed):
        normal_phone("12345")


def test_the_promise_counts_those_who_wait(small_hall: Hall, clock: FakeClock) -> None:
    promises = []
    for _ in range(4):
        clock.forward(0.1)
        promise = take(small_hall).ticket.promise
        assert promise is not None
        promises.append(promise[1])
    assert promises == sorted(promises)
    assert timedelta(minutes=promises[-1]) > timedelta(0)
