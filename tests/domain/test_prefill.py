"""Pre-filled forms: valid answers are saved, invalid ones reported, and a value of the wrong type rejects all."""

from typing import Any

import pytest

from hallflow.domain.prefill import KINDS, Field, Form, filled, missing, sort_answers
from hallflow.domain.refusals import Malformed
from tests.makers import FORM, words

CHECKS = {"phone": lambda text: None if text.isdecimal() else "not_a_phone"}


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        ("name", "  张三 ", "张三"),
        ("name", "   ", None),
        ("name", None, None),
        ("phone", "138", "138"),
        ("why", "new", "new"),
        ("extras", ["a"], ["a"]),
        ("extras", [], None),
        ("agreed", False, False),
        ("born", "1990-02-28", "1990-02-28"),
        ("sum", "12.50", "12.50"),
        ("sum", "500", "500"),
    ],
)
def test_a_good_answer_is_kept(field: str, value: Any, kept: Any) -> None:
    assert sort_answers(FORM, {field: value}, CHECKS) == ({field: kept}, {})


@pytest.mark.parametrize(
    ("field", "value", "code", "facts"),
    [
        ("name", "x" * 21, "too_long", {"max": 20}),
        ("phone", "abc", "not_a_phone", {}),
        ("why", "other", "not_a_choice", {}),
        ("extras", ["a", "b"], "not_a_choice", {}),
        ("born", "28.2.1990", "not_a_date", {}),
        ("born", "2026-02-30", "not_a_date", {}),
        ("sum", "much", "not_an_amount", {}),
        ("sum", "-1", "not_an_amount", {}),
        ("sum", "NaN", "not_an_amount", {}),
        ("sum", "Infinity", "not_an_amount", {}),
        ("sum", "500.01", "too_much", {"max": 500}),
    ],
)
def test_a_faulty_answer_is_named_and_not_kept(field: str, value: Any, code: str, facts: dict[str, Any]) -> None:
    good, faults = sort_answers(FORM, {"agreed": True, field: value}, CHECKS)
    assert good == {"agreed": True}
    assert (faults[field].code, faults[field].facts) == (code, facts)


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("name", 5, "a_text"),
        ("name", ["x"], "a_text"),
        ("name", True, "a_text"),
        ("sum", 12.5, "a_text"),
        ("agreed", "yes", "yes_or_no"),
        ("agreed", 1, "yes_or_no"),
        ("extras", "a", "a_list"),
        ("extras", [1], "a_list"),
    ],
)
def test_a_value_of_the_wrong_kind_stops_it_all(field: str, value: Any, expected: str) -> None:
    with pytest.raises(Malformed) as fault:
        sort_answers(FORM, {"why": "new", field: value}, CHECKS)
    assert (fault.value.code, fault.value.field) == ("wrong_kind", f"answers.{field}")
    assert fault.value.facts["expected"] == expected


def test_a_question_nobody_asked_stops_it_all() -> None:
    with pytest.raises(Malformed) as fault:
        sort_answers(FORM, {"name": "x", "pin": "1"}, CHECKS)
    assert (fault.value.code, fault.value.field) == ("unknown_answer", "answers.pin")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_of_question_takes_null_back(kind: str) -> None:
    form = Form("f", words("F"), (Field("q", kind, words("Q")),))
    assert sort_answers(form, {"q": None}, {}) == ({"q": None}, {})


def test_what_is_filled_and_what_is_missing() -> None:
    assert (filled(FORM, {}), missing(FORM, {})) == (0, ["name", "why"])
    assert (filled(FORM, {"name": "x", "agreed": False}), missing(FORM, {"name": "x"})) == (2, ["why"])
