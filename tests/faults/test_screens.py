"""The tests' simulated screen takes snapshots by the same rules as a page."""

from typing import Any

from tests.faults.screens import Told


def picture(seq: int) -> dict[str, Any]:
    return {"screen": "wall", "seq": seq}


def test_a_picture_that_comes_before_the_answer_is_of_the_same_line() -> None:
    told = Told()
    told.afresh()
    told.pushed(picture(8))
    told.answered(picture(8))
    told.pushed(picture(9))
    assert [[each["seq"] for each in run] for run in told.runs if run] == [[8, 8, 9]]


def test_an_answer_that_was_drawn_before_the_newest_picture_is_not_shown() -> None:
    told = Told()
    told.afresh()
    told.pushed(picture(9))
    told.answered(picture(8))
    assert told.last == picture(9)


def test_a_new_line_may_be_told_of_an_earlier_state() -> None:
    told = Told()
    told.afresh()
    told.answered(picture(9))
    told.afresh()
    assert told.last == picture(9), "until it is answered it shows what it showed"
    told.answered(picture(4))
    assert told.last == picture(4)
