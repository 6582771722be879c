"""The audit of calls: each is decided again from the log and judged right, wrong or undecidable."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from hallflow.domain.events import Event
from hallflow.domain.past.story import Check, Story, explain
from hallflow.domain.plan import Plan
from tests.makers import DAY, TIERS, WEDNESDAY, a_plan

OFFERED = {"1": ["bills"], "2": ["bills", "sim"]}


class Log:
    """A day's log, written entry by entry."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.add("day_opened", 0, day=DAY.isoformat(), counters=OFFERED)
        for key, services in OFFERED.items():
            self.add("counter_opened", 0, counter=key, clerk="x", services=services)

    def add(
        self, kind: str, minute: float, ticket: str | None = None, counter: str | None = None, **data: Any
    ) -> "Log":
        at = WEDNESDAY + timedelta(minutes=minute)
        self.events.append(Event(len(self.events) + 1, at, kind, ticket, counter, data))
        return self

    def join(self, minute: float, number: str, tier: str = "standard", service: str = "bills") -> "Log":
        facts = {"letter": number[0], "count": int(number[1:]), "services": [service], "tier": tier, "language": "zh"}
        return self.add("issued", minute, number, **facts)

    def call(self, minute: float, number: str, counter: str = "1", *, kind: str = "called", **reason: Any) -> "Log":
        return self.add(kind, minute, number, counter, reason=reason)

    def leave(self, minute: float, number: str) -> "Log":
        return self.add("left", minute, number, by="customer")


def check(log: Log, number: str = "A001", plan: Plan | None = None) -> Check:
    """The verdict on a ticket's last call."""
    checks = [entry.check for entry in explain(plan or a_plan(), DAY, number, log.events).entries if entry.check]
    assert checks
    return checks[-1]


def test_a_call_in_turn_is_found_right() -> None:
    assert check(Log().join(0, "A001").call(3, "A001", code="slack", slack=17, waited=3)).verdict == "same"


@pytest.mark.parametrize(
    ("reason", "verdict"),
    [
        ({"code": "slack", "slack": 16, "waited": 3}, "other_reason"),
        ({"code": "rest", "waited": 3}, "other_reason"),
        ({"code": "strict", "tier": "standard", "waited": 3}, "other_rules"),
        ({"code": "guard", "waited": 3, "guard": 2}, "other_rules"),
        ({"code": "bound", "waited": 3, "times": 2}, "other_rules"),
    ],
)
def test_another_reason_is_told_from_other_rules(reason: dict[str, Any], verdict: str) -> None:
    assert check(Log().join(0, "A001").call(3, "A001", **reason)).verdict == verdict


def test_a_goal_that_has_changed_since_is_no_wrong_call() -> None:
    log = Log().join(0, "A001").join(0, "A002", "gold")
    log.add("called", 3, "A001", "1", reason={"code": "slack", "slack": 1, "waited": 3}, within=False)
    assert check(log).verdict == "other_rules"


def test_whose_turn_it_was_is_named() -> None:
    found = check(Log().join(0, "A001").join(1, "A002", "gold").call(3, "A001", code="slack", slack=17, waited=3))
    assert (found.verdict, found.choice and found.choice.ticket.number) == ("other_turn", "A002")


def test_a_counter_that_does_not_serve_it_could_call_nobody() -> None:
    log = Log().join(0, "B001", service="sim").call(3, "B001", code="slack", slack=17, waited=3)
    assert check(log, "B001").verdict == "nobody"


def test_the_counters_services_are_those_of_the_log() -> None:
    log = Log().join(0, "B001", service="sim")
    log.add("counter_opened", 1, counter="1", clerk="x", services=["sim"])
    log.call(3, "B001", code="slack", slack=17, waited=3)
    assert check(log, "B001", a_plan(counters={"9": ("loan",)})).verdict == "same"


@pytest.mark.parametrize("kind", ["called", "started"])
def test_a_call_by_name_is_checked_against_the_bound_alone(kind: str) -> None:
    code = "by_hand" if kind == "called" else "at_counter"
    log = Log().join(0, "A001").join(1, "A002").call(2, "A002", kind=kind, code=code, waited=1)
    found = check(log, "A002")
    assert (found.verdict, found.choice and found.choice.ticket.number) == ("by_name", "A001")
    none_first = {key: replace(tier, overtaken_at_most=0) for key, tier in TIERS.items()}
    log.join(3, "A003").add("finished" if kind == "started" else "left", 4, "A002", "1")
    log.call(5, "A003", kind=kind, code=code, waited=2)
    found = check(log, "A003", a_plan(tiers=none_first))
    assert (found.verdict, found.broken and found.broken.facts) == ("bound_broken", {"number": "A001", "times": 1})


def test_a_walk_in_was_never_called() -> None:
    log = Log().join(0, "A001").add("started", 0, "A001", "1", reason={"code": "walk_in"})
    assert check(log).verdict == "walk_in"


def test_a_tier_that_the_plan_no_longer_has_cannot_be_checked() -> None:
    log = Log().join(0, "A001", "platinum").call(3, "A001", code="slack", slack=17, waited=3)
    assert (check(log).verdict, check(log).missing) == ("unknown", "platinum")


def overtakers(story: Story) -> list[list[str]]:
    return [[one.number for one in entry.overtaken] for entry in story.entries if entry.check]


def test_those_who_overtook_are_named_from_when_it_joined_its_line() -> None:
    log = Log().join(0, "A001").join(1, "A002", "gold").join(2, "A003", "gold").join(2, "B001", service="sim")
    log.call(3, "A002", code="slack", slack=3, waited=2).call(3, "B001", "2", code="x").leave(4, "A002").leave(
        4, "B001"
    )
    log.call(5, "A003", "2", code="slack", slack=2, waited=3).call(6, "A001", code="slack", slack=14, waited=6)
    # B001 was called by a counter that could have served A001 too
    assert overtakers(explain(a_plan(), DAY, "A001", log.events)) == [["A002", "B001", "A003"]]
    since = (WEDNESDAY + timedelta(minutes=7)).isoformat()
    log.add("requeued", 7, "A001", "1", since=since).call(8, "A001", code="slack", slack=19, waited=1)
    assert overtakers(explain(a_plan(), DAY, "A001", log.events)) == [["A002", "B001", "A003"], []]


def test_the_same_number_of_another_day_is_another_story() -> None:
    log = Log().join(0, "A001").leave(5, "A001")
    tomorrow = DAY + timedelta(days=1)
    log.add("day_opened", 1440, day=tomorrow.isoformat(), counters=OFFERED).join(1441, "A001")
    log.add("rated", 1442, "A001", day=DAY.isoformat(), stars=3)
    log.add("day_opened", 2880, day=date(2026, 3, 6).isoformat(), counters=OFFERED)
    story = explain(a_plan(), DAY, "A001", log.events)
    assert [entry.event.kind for entry in story.entries] == ["issued", "left", "rated"]
    assert story.ticket
    assert (story.ticket.state, story.ticket.stars) == ("left", 3)
