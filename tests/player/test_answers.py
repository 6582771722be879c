"""The demo's customers give valid answers to every kind of question in the sample forms."""

import random
from datetime import date
from typing import Any

import pytest

from hallflow.config import load
from hallflow.domain.prefill import Form, missing, sort_answers
from hallflow.operations.checks import CHECKS
from hallflow.player.answers import answers, half
from hallflow.web.prefill import _field
from tests.makers import SAMPLES

FORMS = load(SAMPLES).plans["central"].forms
DAY = date(2026, 3, 4)


def asked(form: Form) -> list[dict[str, Any]]:
    """The form's questions as the API gives them."""
    return [_field(field) for field in form.fields]


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
def test_a_complete_form_has_no_faults(form: Form) -> None:
    for seed in range(20):
        given = answers(asked(form), random.Random(seed), DAY)
        good, faults = sort_answers(form, given, CHECKS)
        assert (good, faults) == (given, {})


def test_a_kind_that_the_demo_does_not_know_is_answered_by_its_example() -> None:
    question = asked(FORMS["complaint"])[0] | {"kind": "a_new_kind", "example": "14:30"}
    assert answers([question], random.Random(1), DAY) == {question["key"]: "14:30"}


def test_forms_are_filled_in_rightly_or_by_half() -> None:
    rng = random.Random(1)
    for form in FORMS.values():
        fields = [
            {"key": f.key, "kind": f.kind, "required": f.required, "max": f.max,
             "choices": [{"value": c.value} for c in f.choices]}
            for f in form.fields
        ]  # fmt: skip
        for _ in range(30):
            good, faults = sort_answers(form, answers(fields, rng, DAY), CHECKS)
            assert (faults, missing(form, good)) == ({}, [])
            _, slips = sort_answers(form, half(fields, rng, DAY), CHECKS)
            assert len(slips) == (
                1 if any(f["kind"] in CHECKS or f["kind"] in ("date", "amount") for f in fields) else 0
            )
