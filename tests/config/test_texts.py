"""Every text exists in the shipped languages with the same blanks, and every refusal has one."""

import ast
import functools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hallflow.config import Texts, load
from hallflow.config.languages import sentences
from hallflow.domain.counter import COUNTER_MOVES
from hallflow.domain.languages import Language
from hallflow.domain.ticket import MOVES
from hallflow.operations.checks import CHECKS
from tests.makers import SAMPLES

SOURCE = Path(__file__).parents[2] / "hallflow"
TABLES = {"Refused": "refused", "Unknown": "refused", "Malformed": "refused", "Reason": "reason", "Fault": "fault"}


@functools.cache
def the_texts() -> Texts:
    return load(SAMPLES).texts


def texts_of(files: dict[str, dict[str, Any]]) -> Texts:
    own = {code: sentences(table) for code, table in files.items()}
    return Texts.of(own, [Language(code, code, code, code) for code in files])


def some_texts() -> Texts:
    return texts_of(
        {
            "zh": {
                "kiosk": {"take": "取号", "ahead": "前面 {n} 人", "at": {"counter": "请到{counter}"}},
                "state": {"serving": "正在办理"},
                "instead": {"serving": "请先办结。"},
                "refused": {"not_now": "{number} {state}。{instead}"},
            },
            "en": {
                "kiosk": {"take": "Take a number", "ahead": "{n} before you", "at": {"counter": "Go to {counter}"}},
                "state": {"serving": "being served"},
                "instead": {"serving": "Finish it first."},
                "refused": {"not_now": "{number} is {state}. {instead}"},
            },
        }
    )


def test_the_shipped_languages_are_complete() -> None:
    """Those of the folder say all that there is to say, with the same blanks, and call every name of the sample plan."""
    assert load(SAMPLES).remarks == ()


def codes_in_use() -> Iterator[tuple[str, str, set[str]]]:
    """(table, code, facts) of every refusal, reason and fault that the source names."""
    for file in sorted(SOURCE.rglob("*.py")):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or not call.args:
                continue
            name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
            code = call.args[0]
            if name in TABLES and isinstance(code, ast.Constant) and isinstance(code.value, str):
                facts = {word.arg for word in call.keywords if word.arg and word.arg != "field"}
                if len(call.args) > 1 and isinstance(call.args[1], ast.Dict):
                    facts |= {key.value for key in call.args[1].keys if isinstance(key, ast.Constant)}
                # a code with a dot is an outlook's: it names its table itself and gathers its facts elsewhere
                if "." not in code.value:
                    yield TABLES[name], code.value, facts


def test_every_refusal_reason_and_fault_has_a_sentence_that_its_facts_can_fill() -> None:
    texts = the_texts()
    wanting = []
    for table, code, facts in codes_in_use():
        try:
            texts.in_all(f"{table}.{code}", **dict.fromkeys(facts, "1"))
        except KeyError as bad:
            wanting.append(bad.args[0])
    assert sorted(set(wanting)) == []


def test_every_sentence_of_an_outlook_is_there() -> None:
    texts = the_texts()
    source = "".join(file.read_text(encoding="utf-8") for file in (SOURCE / "foresight").glob("*.py"))
    codes = set(re.findall(r'"(outlook\.[a-z_]+)"', source))
    assert codes
    assert [code for code in sorted(codes) if not texts.knows(code)] == []


def test_every_state_and_event_of_tickets_and_counters_has_its_words() -> None:
    texts = the_texts()
    for moves in (MOVES, COUNTER_MOVES):
        for state, events in moves.items():
            assert texts.in_all(f"state.{state}")
            assert texts.in_all(f"instead.{state}")
            assert all(texts.in_all(f"verb.{event}") for event in events)


def test_every_check_of_an_answer_says_what_is_wrong() -> None:
    texts = the_texts()
    for kind, check in CHECKS.items():
        code = check("certainly not")
        assert code, kind
        assert texts.in_all(f"fault.{code}")


@pytest.mark.parametrize(
    "code",
    [
        "no_service",
        "not_offered",
        "closed_hall",
        "no_open_counter",
        "full",
        "no_such_token",
        "token_expired",
        "counter_closed",
        "counter_paused",
        "counter_taken",
        "counter_busy",
        "nobody_waiting",
        "not_at_counter",
        "recalls_used",
        "requeues_used",
        "too_late",
        "not_signed_in",
        "not_allowed",
        "wrong_pin",
        "too_many_tries",
        "unknown_verb",
        "malformed",
        "missing_field",
        "unknown_field",
        "nothing_to_resume",
        "same_service",
        "form_none",
        "rated_already",
        "not_over",
        "out_of_disk",
        "busy_try_again",
        "disk_failing",
        "records_unreachable",
        "no_hall",
        "no_page",
        "bad_card",
        "bad_phone",
    ],
)
def test_the_edges_can_say_no_too(code: str) -> None:
    assert the_texts().knows(f"refused.{code}")


def test_a_sentence_is_said_in_the_language_with_its_blanks_filled() -> None:
    texts = some_texts()
    assert texts.say("zh", "kiosk.take") == "取号"
    assert texts.in_all("kiosk.ahead", n=3) == {"zh": "前面 3 人", "en": "3 before you"}


def test_a_name_by_language_is_said_in_the_right_one() -> None:
    counter = {"zh": "3号窗口", "en": "Counter 3"}
    assert some_texts().in_all("kiosk.at.counter", counter=counter) == {"zh": "请到3号窗口", "en": "Go to Counter 3"}


def test_states_are_said_in_words_with_what_to_do_instead() -> None:
    texts = some_texts()
    assert (
        texts.say("en", "refused.not_now", number="A001", state="serving") == "A001 is being served. Finish it first."
    )
    assert texts.say("zh", "refused.not_now", number="A001", state="serving") == "A001 正在办理。请先办结。"


def test_a_refusal_is_a_sentence_a_clerk_can_act_on() -> None:
    texts = the_texts()
    said = texts.say("en", "refused.not_now", number="A001", state="serving", verb="called")
    assert said == (
        "A001 is still being served: it cannot be called now. Finish it or put it on hold at the counter first."
    )
    assert texts.say("zh", "refused.not_now", number="A001", state="serving", verb="called") == (
        "A001 正在办理，现在不能叫号。请先在窗口办结或挂起。"
    )


def test_a_blank_in_a_fact_is_not_filled_again() -> None:
    assert some_texts().say("en", "kiosk.at.counter", counter="{n}") == "Go to {n}"


def test_an_unknown_key_is_named() -> None:
    with pytest.raises(KeyError, match=r"texts/en\.toml has no kiosk\.tkae"):
        some_texts().say("en", "kiosk.tkae")


def test_a_missing_fact_is_named() -> None:
    with pytest.raises(KeyError, match=r"kiosk\.ahead needs \{n\}"):
        some_texts().say("en", "kiosk.ahead")


def test_a_page_gets_its_tables_with_flat_keys() -> None:
    assert some_texts().table("en", "kiosk", "nothing") == {
        "kiosk": {"take": "Take a number", "ahead": "{n} before you", "at.counter": "Go to {counter}"},
        "nothing": {},
    }


def test_a_fact_may_bear_any_name() -> None:
    texts = texts_of({lang: {"refused": {"odd": "{key} {lang} {self}"}} for lang in ("zh", "en")})
    facts = {"key": 1, "lang": 2, "self": 3}
    assert texts.in_all("refused.odd", **facts) == {"zh": "1 2 3", "en": "1 2 3"}
