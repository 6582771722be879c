"""Pre-filled forms: the customer fills one in while waiting, and the database stores its answers encrypted."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from hallflow.domain.refusals import Malformed
from hallflow.hall import Hall
from hallflow.operations.checks import CHECKS
from hallflow.operations.floor import calling, serving, ticketing
from hallflow.operations.floor.prefilling import read_answers, save_answers
from hallflow.storage.database.engine import open_engine
from hallflow.storage.secrets import Vault
from tests.makers import SECRET, a_hall, log_of, sqlite_url, take
from tests.operations.refusing import refuses

VAULT = Vault(SECRET)
GOOD = {"name": "张三丰", "why": "new"}


def test_good_answers_are_kept_and_faulty_ones_named(small_hall: Hall) -> None:
    held = take(small_hall)
    filled = save_answers(small_hall, VAULT, held, {"name": "张三丰", "phone": "nonsense", "extras": ["a"]})
    assert (filled.answers, filled.accepted, filled.count) == ({"name": "张三丰", "extras": ["a"]}, False, 2)
    assert filled.faults["phone"].code == "not_a_phone"
    again = read_answers(small_hall, VAULT, held)
    assert again is not None
    assert again.answers == filled.answers


def test_a_complete_form_is_accepted_and_an_answer_taken_back_opens_it_again(small_hall: Hall) -> None:
    held = take(small_hall)
    assert save_answers(small_hall, VAULT, held, GOOD).accepted
    ticket = small_hall.floor.tickets["A001"]
    assert (ticket.prefilled, ticket.filled) == (True, 2)
    assert not save_answers(small_hall, VAULT, held, {"name": ""}).accepted
    assert not small_hall.floor.tickets["A001"].prefilled


def test_an_answer_being_corrected_no_longer_stands(small_hall: Hall) -> None:
    held = take(small_hall)
    save_answers(small_hall, VAULT, held, GOOD | {"phone": "13800138000"})
    filled = save_answers(small_hall, VAULT, held, {"phone": "138"})
    assert "phone" not in filled.answers
    assert filled.accepted


def test_saving_the_same_again_is_no_event(small_hall: Hall) -> None:
    held = take(small_hall)
    save_answers(small_hall, VAULT, held, GOOD)
    seq = small_hall.floor.seq
    save_answers(small_hall, VAULT, held, GOOD)
    assert small_hall.floor.seq == seq


@pytest.mark.parametrize("given", [{"name": 5}, {"secret": "x"}, {"extras": "a"}])
def test_a_value_of_the_wrong_kind_writes_nothing(small_hall: Hall, given: dict) -> None:
    held = take(small_hall)
    with pytest.raises(Malformed):
        save_answers(small_hall, VAULT, held, GOOD | given)
    found = read_answers(small_hall, VAULT, held)
    assert found is not None
    assert found.answers == {}


def test_a_service_without_a_form_has_nothing_to_fill_in(small_hall: Hall) -> None:
    held = take(small_hall, "sim")
    assert read_answers(small_hall, VAULT, held) is None
    with refuses(small_hall, "form_none"):
        save_answers(small_hall, VAULT, held, GOOD)


def test_after_the_visit_nothing_can_be_filled_in(small_hall: Hall) -> None:
    held = take(small_hall)
    ticketing.leave(small_hall, held)
    with refuses(small_hall, "visit_over"):
        save_answers(small_hall, VAULT, held, GOOD)


def test_a_customer_at_the_counter_may_still_complete_the_form(small_hall: Hall) -> None:
    held = take(small_hall)
    calling.call_next(small_hall, "1")
    save_answers(small_hall, VAULT, held, GOOD)
    calling.arrived(small_hall, "1")
    assert small_hall.floor.tickets["A001"].prefilled


def test_the_next_service_begins_with_its_own_form(small_hall: Hall) -> None:
    held = take(small_hall, "bills", "sim")
    save_answers(small_hall, VAULT, held, GOOD)
    calling.start(small_hall, "1", "A001")
    ticket = serving.finish(small_hall, "1")
    assert (ticket.service, ticket.prefilled, ticket.filled) == ("sim", False, 0)


def test_no_byte_of_an_answer_is_readable_in_the_database_file(tmp_path: Path) -> None:
    engine = open_engine(sqlite_url(tmp_path))
    hall = a_hall(engine)
    held = take(hall)
    save_answers(hall, VAULT, held, {"name": "Quetzalcoatl", "why": "new", "phone": "13800138000"})
    with engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        stored = connection.execute(text("SELECT answers FROM prefills")).scalar_one()
    engine.dispose()
    for path in tmp_path.glob("hallflow.db*"):
        for answer in ("Quetzalcoatl", "13800138000"):
            assert answer.encode() not in path.read_bytes()
    assert VAULT.unseal(stored)["name"] == "Quetzalcoatl"
    assert "Quetzalcoatl" not in json.dumps([dict(event.data) for event in log_of(hall)])


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (
            "phone",
            ["13800138000", "+86 138 0013 8000", "010-65551234", "+49 30 901820"],
            ["123", "phone", "1380013800"],
        ),
        ("email", ["a@b.cn", "wang.fang@mail.example.com"], ["a@b", "a b@c.cn", "@b.cn", "a@.cn"]),
        ("identity_number", ["11010519491231002X"], ["110105194912310021", "123", "11010519491331002X"]),
        ("tax_number", ["91110000600037341L"], ["91110000600037341X", "123"]),
    ],
)
def test_numbers_are_checked_by_their_check_digits(kind: str, good: list[str], bad: list[str]) -> None:
    assert [text for text in good if CHECKS[kind](text)] == []
    assert [text for text in bad if not CHECKS[kind](text)] == []
