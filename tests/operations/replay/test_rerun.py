"""The counterfactual rerun: identical under the same rules, the same customers under others."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from hallflow.domain.events import Event
from hallflow.domain.floor import Floor
from hallflow.domain.floor_events import replay
from hallflow.domain.past.script import take_apart
from hallflow.domain.policies import POLICIES
from hallflow.operations.floor.days import close_day
from hallflow.operations.replay.rerun import run_again
from tests.makers import FakeClock, a_hall, a_plan, an_engine, check_floor, log_of, sqlite_url
from tests.played import next_day, play


def a_day(folder: Path, policy: str, seed: int, steps: int = 150) -> list[Event]:
    """The log of a lively day that is over: calls in turn and by name, walk-ins, misses, absences, transfers, a night."""
    engine, clock = an_engine(sqlite_url(folder)), FakeClock()
    hall = a_hall(engine, a_plan(policy), clock)
    play(hall, clock, steps=steps, seed=seed)
    if seed % 2:
        clock.forward(60 * 24)
        next_day(hall, clock)
    else:
        clock.forward(600)
        close_day(hall)
    engine.dispose()
    events = log_of(hall)
    second = next((i for i, event in enumerate(events) if event.kind == "day_opened" and i), len(events))
    return events[:second]


def calls(events: list[Event]) -> list[tuple]:
    kinds = ("called", "started", "resumed", "recalled")
    return [(e.at, e.kind, e.ticket, e.counter, e.data.get("reason")) for e in events if e.kind in kinds]


def people(events: list[Event]) -> set[tuple]:
    """Who took a number, and when; whoever stood at a counter at once may have had to stand there longer."""
    walked = {e.ticket for e in events if e.kind == "started" and e.data["reason"]["code"] == "walk_in"}
    came = [e for e in events if e.kind == "issued" and e.ticket not in walked]
    return {(e.at, e.ticket, *e.data["services"], e.data["tier"]) for e in came}


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("seed", range(4))
def test_under_its_own_rules_a_day_comes_out_call_for_call(tmp_path: Path, policy: str, seed: int) -> None:
    events = a_day(tmp_path, policy, seed)
    again = run_again(take_apart("central", events), a_plan(policy))
    assert len(calls(events)) > 40
    assert calls(again) == calls(events)
    skipped = {"prefilled", "rated", "recovery_opened"}
    told = [(e.at, e.kind, e.ticket, e.counter) for e in events if e.kind not in skipped]
    assert [(e.at, e.kind, e.ticket, e.counter) for e in again] == told, "everything else comes out too"


def test_under_other_rules_the_same_people_come_and_others_are_called_first(tmp_path: Path) -> None:
    events = a_day(tmp_path, "first_come", 4)
    script = take_apart("central", events)
    again = run_again(script, a_plan("strict"))
    assert people(again) == people(events)
    assert calls(again) != calls(events)
    wait = {name: first_waits(log, "gold") for name, log in (("before", events), ("after", again))}
    assert sum(wait["after"]) / len(wait["after"]) < sum(wait["before"]) / len(wait["before"])


def first_waits(events: list[Event], tier: str) -> list[float]:
    of_tier = {e.ticket for e in events if e.kind == "issued" and e.data["tier"] == tier}
    return [e.data["waited"] for e in events if e.kind == "called" and e.ticket in of_tier]


def test_random_rules_and_openings_never_break_the_hall(tmp_path: Path) -> None:
    """Whatever is changed, the log that comes out is one that a hall can have."""
    luck = random.Random(7)
    events = a_day(tmp_path, "attainment", 9, steps=200)
    script = take_apart("central", events)
    for _ in range(20):
        duties = [duty for duty in script.duties if luck.random() < 0.8]
        plan = a_plan(luck.choice(list(POLICIES)))
        again = run_again(replace(script, duties=duties), plan)
        floor = replay(Floor("central", events[0].at.date(), 0), again, lambda floor, _: check_floor(floor))
        assert people(again) == people(events)
        assert not floor.tickets
