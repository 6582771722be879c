"""Personal data: encrypted, hashed, deleted in time."""

from datetime import timedelta

from sqlalchemy import Engine

from hallflow.storage.records import outlooks, people, runs
from hallflow.storage.records.people import Prefill, Staff
from hallflow.storage.secrets import Vault
from tests.makers import WEDNESDAY

ANSWERS = {"name": "张三丰", "agreed": True, "extras": ["a"]}


def test_answers_are_sealed_and_only_their_own_secret_opens_them() -> None:
    vault = Vault("one secret of this hall")
    sealed = vault.seal(ANSWERS)
    assert "张三丰".encode() not in sealed
    assert vault.unseal(sealed) == ANSWERS
    assert Vault("another secret").unseal(sealed) == {}
    assert vault.unseal(b"no seal at all") == {}


def test_a_card_is_known_by_its_digest_however_it_is_written() -> None:
    vault = Vault("one secret of this hall")
    assert vault.digest("88 12ab") == vault.digest("8812AB")
    assert "8812" not in vault.digest("8812AB")
    assert vault.digest("8812AB") != Vault("another secret").digest("8812AB")


def test_the_register_gives_the_tier_last_imported(engine: Engine) -> None:
    with engine.begin() as connection:
        assert people.known_tier(connection, "d1") is None
        assert people.keep_customers(connection, [("d1", "gold"), ("d2", "silver")]) == 2
        assert people.keep_customers(connection, [("d1", "silver")]) == 1
        assert people.keep_customers(connection, []) == 0
        assert [people.known_tier(connection, digest) for digest in ("d1", "d2", "d3")] == ["silver", "silver", None]


def test_staff_are_kept_by_hall(engine: Engine) -> None:
    wang = Staff("wang", "central", "王芳", "clerk", "hash")
    with engine.begin() as connection:
        people.keep_staff(connection, wang)
        people.keep_staff(connection, Staff("li", "county", "李娜", "manager", "hash"))
        people.keep_staff(connection, Staff("wang", "central", "王芳", "manager", "other"))
        assert people.staff_of(connection, "central") == [Staff("wang", "central", "王芳", "manager", "other")]


def test_answers_are_replaced_and_in_time_forgotten(engine: Engine) -> None:
    with engine.begin() as connection:
        people.keep_prefill(connection, "t1", "contact", Prefill(b"1", False, 1), WEDNESDAY)
        people.keep_prefill(connection, "t1", "contact", Prefill(b"2", True, 2), WEDNESDAY + timedelta(hours=2))
        people.keep_prefill(connection, "t2", "contact", Prefill(b"3", True, 2), WEDNESDAY)
        assert people.forget_prefills(connection, WEDNESDAY + timedelta(hours=1)) == 1
        assert people.prefill_of(connection, "t1", "contact") == Prefill(b"2", True, 2)
        assert people.prefill_of(connection, "t2", "contact") is None


def test_an_outlook_takes_the_place_of_the_last(engine: Engine) -> None:
    with engine.begin() as connection:
        assert outlooks.read(connection, "central") == (0, None)
        for n in (1, 2):
            outlooks.keep(connection, "central", WEDNESDAY, {"n": n})
            outlooks.keep_learned(connection, "central", WEDNESDAY, {"m": n})
        assert outlooks.read(connection, "central") == (2, {"n": 2})
        assert outlooks.versions(connection) == {"central": 2}
        assert outlooks.read_learned(connection, "central") == {"m": 2}
        assert outlooks.read_learned(connection, "county") is None


def test_runs_are_remembered(engine: Engine) -> None:
    with engine.begin() as connection:
        assert runs.last(connection, "sweep") is None
        runs.keep(connection, "sweep", WEDNESDAY, 0.5, None)
        runs.keep(connection, "sweep", WEDNESDAY + timedelta(minutes=1), 0.7, "ValueError: x")
        assert runs.last(connection, "sweep") == (WEDNESDAY + timedelta(minutes=1), 0.7, "ValueError: x")
