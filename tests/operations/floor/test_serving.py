"""The actions at the counter, from the start of the service to the end of the visit."""

from datetime import timedelta

from hallflow.hall import Hall
from hallflow.operations.floor import calling, counters, prefilling, serving
from hallflow.storage.secrets import Vault
from tests.makers import FakeClock, log_of, take
from tests.operations.refusing import refuses


def serve(hall: Hall, counter: str = "1", *services: str) -> str:
    number = take(hall, *services).ticket.number
    return calling.start(hall, counter, number).number


def test_a_visit_is_finished_with_its_outcome(small_hall: Hall, clock: FakeClock) -> None:
    number = serve(small_hall)
    clock.forward(6)
    ticket = serving.finish(small_hall, "1", "done")
    assert (ticket.state, ticket.ended_at, ticket.now.outcome) == ("served", clock.now(), "done")
    assert number not in small_hall.floor.tickets
    assert small_hall.floor.tally.served == 1
    assert small_hall.floor.tally.at_counter == {"1": (1, 6.0)}
    assert small_hall.floor.counters["1"].free_since == clock.now()


def test_only_who_is_served_can_be_finished(small_hall: Hall) -> None:
    with refuses(small_hall, "nobody_here"):
        serving.finish(small_hall, "1")
    take(small_hall)
    calling.call_next(small_hall, "1")
    with refuses(small_hall, "not_now", state="called"):
        serving.finish(small_hall, "1")
    calling.arrived(small_hall, "1")
    with refuses(small_hall, "unknown_outcome"):
        serving.finish(small_hall, "1", "magic")


def test_with_another_service_to_come_the_customer_waits_for_that(small_hall: Hall, clock: FakeClock) -> None:
    take(small_hall, "bills", "sim")
    clock.forward(4)
    calling.call_next(small_hall, "1")
    calling.arrived(small_hall, "1")
    clock.forward(5)
    ticket = serving.finish(small_hall, "1", "done")
    assert (ticket.state, ticket.service, ticket.number) == ("waiting", "sim", "A001")
    assert ticket.waited(clock.now()) == 4, "what was waited before counts, the time at the counter does not"
    assert calling.call_next(small_hall, "2").number == "A001"
    calling.arrived(small_hall, "2")
    assert serving.finish(small_hall, "2").state == "served"
    assert small_hall.floor.tally.served == 1


def test_a_parked_customer_frees_the_counter_and_goes_on_at_any(small_hall: Hall, clock: FakeClock) -> None:
    number = serve(small_hall)
    ticket = serving.park(small_hall, "1", "photo")
    assert (ticket.state, ticket.counter, ticket.aside_reason) == ("parked", None, "photo")
    other = serve(small_hall)
    with refuses(small_hall, "counter_busy", number=other):
        serving.resume(small_hall, "1", number)
    back = serving.resume(small_hall, "2", number)
    assert (back.state, back.counter) == ("serving", "2")
    with refuses(small_hall, "nobody_here"):
        serving.park(small_hall, "3")


def test_only_parked_and_missed_customers_are_resumed(small_hall: Hall) -> None:
    take(small_hall)
    with refuses(small_hall, "not_now", state="waiting", verb="resumed"):
        serving.resume(small_hall, "1", "A001")
    with refuses(small_hall, "no_ticket"):
        serving.resume(small_hall, "1", "Z001")
    calling.call_next(small_hall, "1")
    with refuses(small_hall, "not_now", state="called"):
        serving.park(small_hall, "1")
    calling.miss(small_hall, "1")
    assert serving.resume(small_hall, "2", "A001").state == "serving"


def test_a_transfer_keeps_the_number_and_credits_the_wait(small_hall: Hall, clock: FakeClock) -> None:
    take(small_hall)
    clock.forward(7)
    calling.call_next(small_hall, "1")
    clock.forward(1)
    calling.arrived(small_hall, "1")
    clock.forward(3)
    ticket = serving.transfer(small_hall, "1", service="loan")
    assert (ticket.number, ticket.state, ticket.service) == ("A001", "waiting", "loan")
    assert ticket.since == clock.now() - timedelta(minutes=7)
    assert small_hall.floor.counters["1"].ticket is None
    clock.forward(2)
    take(small_hall, "loan")
    assert calling.call_next(small_hall, "3").number == "A001"


def test_a_transfer_to_a_counter_waits_for_that_one(small_hall: Hall) -> None:
    serve(small_hall)
    ticket = serving.transfer(small_hall, "1", to_counter="3")
    assert (ticket.service, ticket.wanted) == ("bills", "3")
    with refuses(small_hall, "nobody_waiting"):
        calling.call_next(small_hall, "2")
    assert calling.call_next(small_hall, "3").number == "A001"


def test_who_waits_for_a_counter_that_closes_may_go_to_any(small_hall: Hall) -> None:
    serve(small_hall)
    serving.transfer(small_hall, "1", to_counter="2")
    counters.close_counter(small_hall, "2")
    assert small_hall.floor.tickets["A001"].wanted is None
    assert calling.call_next(small_hall, "1").number == "A001"


def test_a_transfer_leads_somewhere_else_that_exists(small_hall: Hall) -> None:
    with refuses(small_hall, "nobody_here"):
        serving.transfer(small_hall, "1", service="loan")
    serve(small_hall)
    with refuses(small_hall, "missing_field"):
        serving.transfer(small_hall, "1")
    with refuses(small_hall, "same_service"):
        serving.transfer(small_hall, "1", service="bills")
    with refuses(small_hall, "same_service"):
        serving.transfer(small_hall, "1", to_counter="1")
    with refuses(small_hall, "no_counter"):
        serving.transfer(small_hall, "1", to_counter="99")
    with refuses(small_hall, "no_service"):
        serving.transfer(small_hall, "1", service="nothing")


def test_a_note_for_the_next_clerk_is_sealed_and_not_in_the_log(small_hall: Hall) -> None:
    vault = Vault("a secret of this test")
    serve(small_hall)
    ticket = serving.transfer(small_hall, "1", service="loan", note=(vault, "has no passport"))
    assert ticket.noted
    assert "passport" not in repr(log_of(small_hall))
    assert prefilling.read_for_clerk(small_hall, vault, ticket) == ({}, "has no passport")
    assert prefilling.read_for_clerk(small_hall, Vault("a secret of another"), ticket) == ({}, None)


def test_a_service_added_comes_after_this_one(small_hall: Hall) -> None:
    with refuses(small_hall, "nobody_here"):
        serving.add_service(small_hall, "1", "loan")
    serve(small_hall)
    with refuses(small_hall, "no_service"):
        serving.add_service(small_hall, "1", "nothing")
    serving.add_service(small_hall, "1", "loan")
    assert serving.finish(small_hall, "1").service == "loan"


def test_a_walk_in_is_served_at_once_under_a_number(small_hall: Hall) -> None:
    take(small_hall)
    ticket = serving.walk_in(small_hall, "3", "loan", "en")
    assert (ticket.number, ticket.state, ticket.counter, ticket.language) == ("C001", "serving", "3", "en")
    assert small_hall.floor.overtaken == {}
    with refuses(small_hall, "counter_busy", number="C001"):
        serving.walk_in(small_hall, "3", "loan")
    with refuses(small_hall, "no_service"):
        serving.walk_in(small_hall, "1", "nothing")


def test_a_walk_in_on_a_new_day_finds_the_counters_closed(small_hall: Hall, clock: FakeClock) -> None:
    """The first verb of a day closes yesterday: nobody may then stand at a closed counter."""
    clock.forward(hours=24)
    with refuses(small_hall, "counter_closed"):
        serving.walk_in(small_hall, "1", "bills")
    counters.open_counter(small_hall, "1", "clerk 1")
    assert serving.walk_in(small_hall, "1", "bills").number == "A001"
    assert small_hall.floor.counters["1"].state == "open"
