"""`hallflow replay` reruns a past day under other rules and reports the difference."""

import json

from sqlalchemy import Engine

from hallflow.domain.plan import Plan
from tests.cli.conftest import hallflow
from tests.makers import FakeClock, a_hall
from tests.played import next_day, play


def a_past(engine: Engine, plan: Plan) -> str:
    """A lively day that is over."""
    clock = FakeClock()
    hall = a_hall(engine, plan, clock)
    play(hall, clock, steps=120, seed=5)
    next_day(hall, clock)
    return "2026-03-04"


def test_a_day_comes_out_as_it_was_and_otherwise_beside_it(database: Engine, plan: Plan) -> None:
    day = a_past(database, plan)
    code, said = hallflow("replay", day)
    assert code == 0, said
    assert "each comes out as it was made" in said
    told = json.loads(hallflow("replay", day, "--policy", "strict", "--open", "5@10:00-16:00", "--json")[1])
    assert told["exact"]
    assert told["after"]["policy"] == "strict"
    assert told["after"]["staff_minutes"] >= told["before"]["staff_minutes"]
    assert told["before"]["all"]["customers"] == told["after"]["all"]["customers"] > 50
    as_it_was = json.loads(hallflow("replay", day, "--json")[1])
    assert as_it_was["before"] == as_it_was["after"]


def test_what_it_cannot_do_is_said_in_a_sentence(database: Engine, plan: Plan) -> None:
    day = a_past(database, plan)
    for arguments, sentence in (
        (("2020-01-01", "--lang", "en"), "The log has no day 2020-01-01."),
        (("2026-03-05", "--lang", "en"), "2026-03-05 is not over yet."),
        ((day, "--open", "five"), "is not like 5@10:00-12:00"),
        ((day, "--open", "77@10:00", "--lang", "en"), "no counter called '77'"),
    ):
        code, said = hallflow("replay", *arguments)
        assert code != 0
        assert sentence in said
