"""Any day at all: whatever customers, clerks and the clock do, the log, the tables and every process agree.

The floor equals the log replayed from its start, in this process and in another, and the tables' rows. The log has no gap,
its times never decrease, and it contains no personal data.
"""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from hallflow.domain.floor import Floor, empty_floor
from hallflow.domain.floor_events import evolve
from hallflow.domain.refusals import Refused
from hallflow.domain.ticket import Ticket
from hallflow.hall import Hall
from hallflow.operations.floor import calling, counters, days, prefilling, serving, ticketing
from hallflow.storage.database.engine import open_engine
from hallflow.storage.log import ledger
from hallflow.storage.log.chain import BEGINNING, link
from hallflow.storage.log.ledger import IssuedTicket
from hallflow.storage.secrets import Vault
from hallflow.storage.turns import Turns
from tests.makers import COUNTERS, DAY, FakeClock, a_hall, a_plan, a_visit, check_floor, log_of, sqlite_url, take

SERVICES = st.lists(st.sampled_from(["bills", "sim", "loan"]), min_size=1, max_size=3)
COUNTER = st.sampled_from(sorted(COUNTERS))
WHO = st.integers(0, 30)
CARDS = ("8812345678", "6612345678", None, None)
PHONE, NAME = "13800138000", "张三丰"
AT_THE_COUNTER = (calling.arrived, serving.finish, serving.park, calling.recall, calling.miss, calling.requeue)
VAULT = Vault("a secret of this test alone")


class AnyDay(RuleBasedStateMachine):
    """A hall and a second process beside it, on one real database file."""

    @initialize(policy=st.sampled_from(["attainment", "strict", "first_come"]))
    def open_the_hall(self, policy: str) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.engine = open_engine(sqlite_url(Path(self.folder.name)))
        self.clock = FakeClock()
        self.plan = a_plan(policy, waiting_at_most=12, missed_kept_minutes=30.0)
        self.hall = a_hall(self.engine, self.plan, self.clock)
        self.beside = Hall(self.plan, Turns(self.engine), self.clock)
        self.given: list[IssuedTicket] = []
        self.replayed = empty_floor(self.plan, DAY)
        self.last = BEGINNING
        self.tickets: dict[tuple[str, str], Ticket] = {}
        """Every ticket of every day, as the log tells of it: by day and number."""

    def teardown(self) -> None:
        if hasattr(self, "engine"):
            self.engine.dispose()
            self.folder.cleanup()

    def attempt(self, verb: Callable[..., object], *what: object, **more: object) -> None:
        """Do it, or be refused and have changed nothing."""
        seq = self.hall.floor.seq
        try:
            verb(*what, **more)
        except Refused:
            assert self.hall.floor.seq == seq

    def held(self, who: int) -> IssuedTicket:
        return self.given[-1 - who % len(self.given)]

    # ---- what customers do ----

    @rule(services=SERVICES, who=WHO)
    def take_a_number(self, services: list[str], who: int) -> None:
        try:
            held = take(self.hall, *services, card=CARDS[who % 4], visit=a_visit())
        except Refused:
            return
        assert (held.day, held.ticket.number) not in {(g.day, g.ticket.number) for g in self.given}
        self.given.append(held)

    @precondition(lambda self: self.given)
    @rule(verb=st.sampled_from([ticketing.leave, ticketing.defer, ticketing.come_late]), who=WHO)
    def go_or_wait(self, verb: Callable[..., object], who: int) -> None:
        self.attempt(verb, self.hall, self.held(who))

    @precondition(lambda self: self.given)
    @rule(who=WHO, stars=st.integers(1, 5))
    def say_how_it_was(self, who: int, stars: int) -> None:
        self.attempt(ticketing.rate, self.hall, self.held(who), stars)

    @precondition(lambda self: self.given)
    @rule(who=WHO, answers=st.sampled_from([{"name": NAME}, {"phone": PHONE}, {"why": "new"}, {"name": None}]))
    def fill_in_the_form(self, who: int, answers: dict[str, object]) -> None:
        held = self.held(who)
        current = self.hall.floor.tickets.get(held.ticket.number)
        self.attempt(prefilling.save_answers, self.hall, VAULT, replace(held, ticket=current or held.ticket), answers)

    # ---- what clerks do ----

    @rule(key=COUNTER, beside=st.booleans())
    def call_next(self, key: str, beside: bool) -> None:
        self.attempt(calling.call_next, self.beside if beside else self.hall, key)
        self.hall.catch_up()

    @rule(verb=st.sampled_from([calling.call, calling.start, serving.resume]), key=COUNTER, who=WHO)
    def have_somebody_come(self, verb: Callable[..., object], key: str, who: int) -> None:
        numbers = sorted(self.hall.floor.tickets)
        if numbers:
            self.attempt(verb, self.hall, key, numbers[who % len(numbers)])

    @rule(
        verb=st.sampled_from([*AT_THE_COUNTER, calling.arrived, serving.finish]),
        key=COUNTER,
    )
    def serve(self, verb: Callable[..., object], key: str) -> None:
        self.attempt(verb, self.hall, key)

    @rule(key=COUNTER, service=st.sampled_from(["bills", "sim", "loan", None]), to=COUNTER | st.none())
    def send_on(self, key: str, service: str | None, to: str | None) -> None:
        note = (VAULT, NAME)
        self.attempt(serving.transfer, self.hall, key, service=service, to_counter=to, note=note)

    @rule(verb=st.sampled_from([serving.add_service, serving.walk_in]), key=COUNTER, service=SERVICES)
    def serve_more(self, verb: Callable[..., object], key: str, service: list[str]) -> None:
        self.attempt(verb, self.hall, key, service[0])

    @rule(key=COUNTER)
    def open_a_counter(self, key: str) -> None:
        self.attempt(counters.open_counter, self.hall, key, f"clerk {key}")

    @rule(key=COUNTER)
    def pause_a_counter(self, key: str) -> None:
        self.attempt(counters.pause_counter, self.hall, key, "lunch", 10)

    @rule(key=COUNTER)
    def close_a_counter(self, key: str) -> None:
        self.attempt(counters.close_counter, self.hall, key)

    # ---- what happens by itself ----

    @rule(minutes=st.sampled_from([0, 0.5, 3, 12, -5]))
    def time_passes(self, minutes: float) -> None:
        self.clock.forward(minutes)

    @rule(job=st.sampled_from([days.sweep, days.sweep, days.close_day, days.begin_day]))
    def a_job_runs(self, job: Callable[[Hall], object]) -> None:
        job(self.hall)

    @rule()
    def the_night_passes(self) -> None:
        self.clock.forward(hours=24)
        # either process may be the first to know of the new day
        days.begin_day(self.beside)
        self.hall.catch_up()
        for key in ("1", "2"):
            counters.open_counter(self.hall, key, f"clerk {key}")

    @rule()
    def the_plan_changes(self) -> None:
        fewer = {"1": ("bills", "loan"), "2": ("sim",)}
        plan = a_plan(self.plan.rules.policy, counters=fewer if len(self.plan.counters) == 3 else None)
        self.plan = replace(plan, rules=self.plan.rules)
        self.hall, self.beside = (Hall(self.plan, Turns(self.engine), self.clock) for _ in range(2))
        days.begin_day(self.hall)

    # ---- what is always true ----

    @invariant()
    def everything_says_the_same(self) -> None:
        if not hasattr(self, "engine"):
            return
        check_floor(self.hall.floor)
        self.replay_the_log()
        assert self.hall.floor == self.replayed
        fresh = Hall(self.plan, Turns(self.engine), self.clock)
        fresh.catch_up()
        assert fresh.floor == self.replayed
        self.beside.catch_up()
        assert self.beside.floor == self.replayed
        self.compare_the_tables(self.replayed)

    def replay_the_log(self) -> None:
        """Carry the events since the last look into the replayed floor, from nothing on."""
        with self.hall.reading() as connection:
            events = list(ledger.events_after(connection, self.hall.key, self.replayed.seq))
            head = ledger.head(connection, self.hall.key)
        for event in events:
            assert event.seq == self.replayed.seq + 1
            text = repr(event)
            assert not any(held.token in text for held in self.given)
            assert not any(word in text for word in (PHONE, NAME, "12345678"))
            self.last = link(self.last, self.hall.key, event)
            after = evolve(self.replayed, event)
            day = self.replayed.day.isoformat()
            if after is not None:
                self.tickets[day, after.number] = after
            elif event.kind == "rated":
                key = (event.data["day"], str(event.ticket))
                self.tickets[key] = replace(self.tickets[key], stars=event.data["stars"])
        assert head is not None
        assert (head.seq, head.day, head.hash) == (self.replayed.seq, self.replayed.day, self.last)

    def compare_the_tables(self, floor: Floor) -> None:
        with self.hall.reading() as connection:
            stored = {
                (held.day.isoformat(), held.ticket.number): held.ticket
                for day in {day for day, _ in self.tickets} | {floor.day.isoformat()}
                for held in ledger.tickets_of(connection, self.hall.key, type(DAY).fromisoformat(day))
            }
            standing = ledger.counters_of(connection, self.hall.key)
        assert stored == self.tickets
        assert standing == floor.counters
        today = {number: ticket for (day, number), ticket in stored.items() if day == floor.day.isoformat()}
        assert {number: ticket for number, ticket in today.items() if number in floor.tickets} == floor.tickets


TestAnyDay = AnyDay.TestCase
TestAnyDay.settings = settings(
    max_examples=25, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)


def test_the_log_never_runs_backwards(tmp_path: Path) -> None:
    clock = FakeClock()
    hall = a_hall(open_engine(sqlite_url(tmp_path)), clock=clock)
    for minutes in (3, -10, 4, -1, 30):
        clock.forward(minutes)
        take(hall)
    moments = [event.at for event in log_of(hall)]
    assert moments == sorted(moments)
