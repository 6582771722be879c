"""The twin decides like the real dispatcher, and agrees with closed-form results where they exist."""

import heapq
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from hallflow.domain.floor import Floor
from hallflow.domain.hours import Hours
from hallflow.domain.plan import Plan
from hallflow.domain.policies import POLICIES
from hallflow.domain.routing import choose
from hallflow.foresight.arrivals import ArrivalRates
from hallflow.foresight.learning.learned import Learned, from_plan
from hallflow.foresight.learning.speeds import TimeFactors
from hallflow.foresight.staffing.erlang import ErlangA, mean_wait_c
from hallflow.foresight.twin import kernel
from hallflow.foresight.twin.chance import NEVER
from hallflow.foresight.twin.play import play
from hallflow.foresight.twin.plays import Plays
from hallflow.foresight.twin.stage import set_stage
from tests.foresight.makers import (
    NOON,
    a_plan,
    an_open_floor,
    call,
    fixed,
    markovian,
    minutes,
    nobody_comes,
    serve,
    steady,
    take,
    tell,
)

SKILLS = (("bills",), ("bills", "sim"), ("sim", "device"), ("device", "bills", "sim"))
ALWAYS = Hours(ZoneInfo("UTC"), {}, always=True)
MINUTES = {"bills": 3.1, "sim": 5.3, "device": 8.7}


def a_random_floor(plan: Plan, rng: np.random.Generator, people: int) -> Floor:
    """An hour of arrivals and calls by the hall's own rules, up to noon."""
    at = NOON - minutes(60)
    floor = an_open_floor(plan, at)
    serving: dict[str, str] = {}
    for _ in range(people * 2):
        at += minutes(float(rng.uniform(0.01, 110 / (people * 2))))
        if at >= NOON:
            break
        if rng.random() < 0.62:
            take(floor, plan, str(rng.choice(list(plan.services))), str(rng.choice(list(plan.tiers))), at)
            continue
        counter = str(rng.choice(list(plan.counters)))
        if counter in serving:
            tell(floor, "finished", at, serving.pop(counter), counter)
        choice = choose(floor, plan, floor.counters[counter], at)
        if choice:
            call(floor, choice.ticket.number, counter, at, choice.streak)
            tell(floor, "arrived", at, choice.ticket.number, counter)
            serving[counter] = choice.ticket.number
    return floor


def played_by_the_hall(
    floor: Floor, plan: Plan, learned: Learned, to_come: list[tuple[float, str, str, str]], until: float
) -> dict[str, float]:
    """The same future, one event at a time, by `routing.choose` and `floor.evolve`; number -> minute of its call."""
    floor, calls = floor.draft(), {}
    idle: dict[str, float] = {}
    events: list[tuple[float, int, int, tuple]] = []
    for i, counter in enumerate(floor.counters.values()):
        ticket = floor.tickets.get(counter.ticket or "")
        left = 0.0
        if ticket:
            left = max(learned.times[ticket.service].mean - (NOON - ticket.now.arrived_at) / timedelta(minutes=1), 0.0)
        heapq.heappush(events, (left, 0, i, ("free", counter.key)))
    for i, arrival in enumerate(to_come):
        heapq.heappush(events, (arrival[0], 1 if arrival[0] else -1, i, ("arrive", arrival)))
    order = list(floor.counters)

    def next_at(key: str, at: float) -> None:
        now = NOON + minutes(at)
        choice = choose(floor, plan, floor.counters[key], now)
        if choice is None:
            idle[key] = at
            return
        idle.pop(key, None)
        number = choice.ticket.number
        call(floor, number, key, now, choice.streak)
        calls[number] = at
        busy = learned.walk_minutes + learned.times[choice.ticket.service].mean
        heapq.heappush(events, (at + busy, 0, order.index(key), ("free", key)))

    while events and events[0][0] < until:
        at, _, _, (kind, what) = heapq.heappop(events)
        now = NOON + minutes(at)
        if kind == "free":
            held = floor.counters[what].ticket
            if held:
                if floor.tickets[held].state == "called":
                    tell(floor, "arrived", now, held, what)
                tell(floor, "finished", now, held, what)
            next_at(what, at)
        else:
            _, service, tier, number = what
            take(floor, plan, service, tier, now, number)
            able = [key for key in idle if service in floor.counters[key].services]
            if able:
                next_at(min(able, key=lambda key: (idle[key], order.index(key))), at)
    return calls


@pytest.mark.parametrize("policy", list(POLICIES))
@pytest.mark.parametrize("seed", range(6))
def test_a_play_calls_everybody_when_the_hall_itself_would(policy, seed):
    rng = np.random.default_rng(seed)
    plan = a_plan(SKILLS, MINUTES, policy)
    learned = fixed(plan)
    floor = a_random_floor(plan, rng, 20 + 12 * (seed % 3))
    coming = steady(0.0, 120.0)
    rates = {(s, t): np.array([float(rng.uniform(2, 9))]) for s in plan.services for t in plan.tiers}
    stage = set_stage(floor, plan, learned, NOON, rng, 1, type(coming)(coming.edges, rates))
    state = Plays(stage, 120.0, whole=True)
    state.run()

    mine = {number: state.calls[0, slot] for number, slot in stage.numbers.items()}
    to_come = []
    for line, first in zip(stage.lines[: stage.real], stage.first, strict=True):
        for slot in range(first, stage.since.shape[1]):
            if stage.since[0, slot] == NEVER:
                break
            if not stage.present[slot]:
                to_come.append((stage.since[0, slot], *line, f"X{slot}"))
                mine[f"X{slot}"] = state.calls[0, slot]
    theirs = played_by_the_hall(floor, plan, learned, sorted(to_come), 120.0)

    assert len(theirs) > 30
    for number, at in theirs.items():
        assert mine[number] == pytest.approx(at, abs=1e-3), number
    assert all(at >= 120.0 for number, at in mine.items() if number not in theirs)


@pytest.mark.parametrize("policy", [p for p in POLICIES if p != "ratio"])
def test_the_next_arrival_waits_as_long_as_one_who_takes_a_number_now(policy):
    rng = np.random.default_rng(7)
    plan = a_plan(SKILLS, MINUTES, policy)
    learned = fixed(plan)
    floor = a_random_floor(plan, rng, 36)
    played = play(floor, plan, learned, NOON, rng, plays=2, arrivals=nobody_comes())
    for (service, tier), waits in played.nexts.items():
        theirs = played_by_the_hall(floor, plan, learned, [(0.0, service, tier, "NEXT")], 240.0)
        assert waits[0] == pytest.approx(theirs["NEXT"], abs=1e-3), (service, tier)


def test_nobody_waits_for_a_service_without_a_counter_and_the_rest_plays_on():
    plan = a_plan((("bills",), ("sim",)))
    floor = an_open_floor(plan)
    first = take(floor, plan, "bills", "standard", NOON)
    stuck = take(floor, plan, "sim", "standard", NOON)
    tell(floor, "counter_closed", NOON, counter="2")
    played = play(floor, plan, fixed(plan), NOON, np.random.default_rng(1), plays=10, arrivals=nobody_comes())
    assert played.unserved == {"sim"}
    assert list(played.tickets) == [first]
    assert stuck not in played.tickets
    assert ("sim", "standard") not in played.nexts
    assert played.nexts["bills", "standard"] == pytest.approx(5.5, abs=1e-3)


def test_a_hall_without_open_counters_plays_to_its_end():
    plan = a_plan()
    floor = an_open_floor(plan)
    tell(floor, "counter_closed", NOON, counter="1")
    take(floor, plan, "bills", "standard", NOON)
    played = play(floor, plan, fixed(plan), NOON, np.random.default_rng(1), plays=10)
    assert played.unserved == {"bills"}
    assert not played.tickets
    assert not played.nexts


def test_a_paused_counter_calls_again_when_it_said_it_would_be_back():
    plan = a_plan()
    floor = an_open_floor(plan)
    number = take(floor, plan, "bills", "gold", NOON)
    tell(floor, "counter_paused", NOON, counter="1", reason="break", back_at=(NOON + minutes(7)).isoformat())
    played = play(floor, plan, fixed(plan), NOON, np.random.default_rng(1), plays=4, arrivals=nobody_comes())
    assert played.tickets[number] == pytest.approx(7)


@pytest.mark.parametrize("fast", [True, False], ids=["compiled", "numpy"])
def test_counters_open_break_and_close_as_planned(fast):
    """Services of 5.5 minutes: one counter until 11 and from 20 on; one from 8 to 9, which ends what it has begun."""
    plan = a_plan((("bills",), ("bills",)))
    floor = an_open_floor(plan)
    tell(floor, "counter_closed", NOON, counter="2")
    numbers = [take(floor, plan, "bills", "standard", NOON - minutes(4 - i / 10)) for i in range(5)]
    shifts = {
        "1": [(NOON - minutes(99), NOON + minutes(10)), (NOON + minutes(20), NOON + minutes(90))],
        "2": [(NOON + minutes(8), NOON + minutes(9))],
    }
    played = play(floor, plan, fixed(plan), NOON, np.random.default_rng(1), 4, nobody_comes(), shifts=shifts, fast=fast)
    assert [played.tickets[number][0] for number in numbers] == pytest.approx([0, 5.5, 8, 20, 25.5], abs=1e-3)


@pytest.mark.parametrize("fast", [True, False], ids=["compiled", "numpy"])
def test_an_idle_counter_calls_nobody_during_its_break(fast):
    plan = a_plan((("bills",),))
    floor = an_open_floor(plan)
    shifts = {"1": [(NOON, NOON + minutes(10)), (NOON + minutes(30), NOON + minutes(240))]}
    coming = ArrivalRates(np.array([0.0, 15.0, 25.0, 60.0]), {("bills", "standard"): np.array([0.0, 4.0, 0.0])})
    played = play(
        floor, plan, fixed(plan), NOON, np.random.default_rng(1), 9, coming, 60.0, whole=True, shifts=shifts, fast=fast
    )
    came = played.since < 60
    first = np.where(came, played.called, np.inf).min(axis=1)
    assert first[came.any(axis=1)] == pytest.approx(30.0)


def test_nobody_is_called_once_the_grace_after_closing_is_over():
    plan = a_plan((("bills",),), {"bills": 30.0})
    now = NOON + minutes(5 * 60 - 10)
    floor = an_open_floor(plan, now)
    numbers = [take(floor, plan, "bills", "standard", now) for _ in range(6)]
    played = play(floor, plan, fixed(plan), now, np.random.default_rng(1), 2, nobody_comes())
    assert [played.tickets[n][0] for n in numbers] == pytest.approx([0, 30.5, 61, 91.5, 122, 240], abs=1e-3)


def test_a_slow_counter_keeps_its_customers_longer():
    plan = a_plan((("bills",),))
    learned = replace(fixed(plan), paces=TimeFactors({"bills": {"gold": 0.5}}, {"bills": {"1": 2.0}}, {}))
    floor = an_open_floor(plan)
    numbers = [take(floor, plan, "bills", tier, NOON - minutes(3)) for tier in ("gold", "standard", "standard")]
    played = play(floor, plan, learned, NOON, np.random.default_rng(1), 2, nobody_comes())
    assert [played.tickets[n][0] for n in numbers] == pytest.approx([0, 5.5, 16], abs=1e-3)


def test_one_counter_more_meets_the_same_customers():
    """Common random numbers: what differs between two halls is the hall."""
    plan = a_plan((("bills",), ("bills", "sim")), {"bills": 5.0, "sim": 8.0})
    floor = an_open_floor(plan)
    tell(floor, "counter_closed", NOON, counter="2")
    more = {"2": [(NOON, NOON + minutes(300))]}
    arrivals = ArrivalRates(
        np.array([0.0, 240.0]), {("bills", "standard"): np.array([60.0]), ("sim", "standard"): np.array([9.0])}
    )
    few, many = (
        set_stage(floor, plan, from_plan(plan), NOON, np.random.default_rng(1), 50, arrivals, shifts)
        for shifts in (None, more)
    )
    n = few.since.shape[1]
    assert many.since.shape[1] > n
    assert few.lines[0] == many.lines[0] == ("bills", "standard")
    for part in ("since", "leaves", "service_minutes"):
        assert np.array_equal(getattr(few, part), getattr(many, part)[:, :n])


def test_whoever_waits_for_one_counter_is_called_there_only():
    plan = a_plan((("bills",), ("bills",)))
    floor = an_open_floor(plan, NOON - minutes(3))
    for counter in ("1", "2"):
        number = take(floor, plan, "bills", "standard", NOON - minutes(3))
        serve(floor, number, counter, NOON - minutes(3) if counter == "1" else NOON - minutes(2))
    tell(
        floor, "transferred", NOON - minutes(1), "A002", "2", service="bills", wanted="1", since=(NOON - minutes(3)).isoformat()
    )  # fmt: skip
    played = play(floor, plan, fixed(plan), NOON, np.random.default_rng(1), plays=4, arrivals=nobody_comes())
    assert played.tickets["A002"] == pytest.approx(2.0)
    assert played.nexts["bills", "standard"] == pytest.approx(0.0)


def test_patient_customers_wait_as_erlang_c_says():
    plan = a_plan((("bills",),) * 4, {"bills": 5.0}, "first_come", hours=ALWAYS)
    learned = markovian(plan)
    rng = np.random.default_rng(3)
    waits = _exponential(plan, learned, rng, per_minute=0.56)
    assert waits["wait"] == pytest.approx(mean_wait_c(0.56 * 5, 4, 5.0), rel=0.05)


def test_impatient_customers_leave_as_erlang_a_says():
    plan = a_plan((("bills",),) * 4, {"bills": 5.0}, "first_come", hours=ALWAYS)
    learned = markovian(plan, patience=10.0)
    law = ErlangA(0.9, 5.0, 10.0, 4)
    seen = _exponential(plan, learned, np.random.default_rng(4), per_minute=0.9)
    assert seen["abandoned"] == pytest.approx(law.abandoned, rel=0.05)
    assert seen["wait"] == pytest.approx(law.wait, rel=0.05)
    assert seen["within"] == pytest.approx(law.service_level(3.0), abs=0.015)


def _exponential(plan: Plan, learned: Learned, rng: np.random.Generator, per_minute: float) -> dict[str, float]:
    """What the plays show in their second half when service minutes are exponential."""
    horizon = 480.0
    floor = an_open_floor(plan)
    stage = set_stage(floor, plan, learned, NOON, rng, 3000, steady(per_minute, horizon + 60))
    stage.service_minutes[:] = rng.exponential(5.0, stage.service_minutes.shape)
    calls, _ = kernel.run(stage, horizon + 60, whole=True)
    seen = (stage.since > horizon / 2) & (stage.since < horizon)
    virtual = (calls - stage.since)[seen]
    limit = (stage.leaves - stage.since)[seen]
    return {
        "wait": float(np.minimum(virtual, limit).mean()),
        "abandoned": float((limit < virtual).mean()),
        "within": float((virtual <= 3.0).mean()),
    }
