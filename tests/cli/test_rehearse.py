"""The command that simulates a day in advance."""

import json

import pytest

from tests.cli.conftest import hallflow


@pytest.fixture
def rehearse(database):
    def ask(*more: str) -> tuple[int, str]:
        return hallflow("rehearse", "--hall", "central", "--date", "2026-03-05", "--plays", "40", *more)

    return ask


def test_a_hall_without_a_history_is_rehearsed_with_what_the_day_requires(rehearse) -> None:
    code, shown = rehearse()
    assert code == 0, shown
    assert "no history" in " ".join(shown.split())
    assert "staff-hours" in shown
    spans = json.loads(rehearse("--json")[1])["spans"]
    assert spans
    for span in spans:
        assert span["after"]["staff_minutes"] < span["before"]["staff_minutes"]
        assert span["change"]["all"]["wait"]["likely"] >= 0


def test_counters_are_opened_as_told(rehearse) -> None:
    spans = json.loads(rehearse("--open", "1=09:00-11:00", "--open", "2=10:00-11:30", "--json")[1])["spans"]
    assert sum(span["after"]["staff_minutes"] for span in spans) == 210


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("99=09:00-10:00", "there is no counter '99'"),
        ("1=nine", "not COUNTER=FROM-UNTIL"),
        ("1=10:00-09:00", "ends before it begins"),
    ],
)
def test_what_cannot_be_is_named(rehearse, given: str, says: str) -> None:
    code, shown = rehearse("--open", given)
    assert code == 2
    assert says in " ".join(shown.replace("│", " ").split())
