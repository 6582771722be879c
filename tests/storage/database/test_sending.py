"""A change is sent to PostgreSQL as one statement: all or nothing."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from hallflow.storage.database.engine import open_engine
from hallflow.storage.database.prepared import say
from hallflow.storage.database.sending import AT_ONCE, as_few

ONE = "INSERT INTO kept (id) VALUES (%(id)s)"


def test_several_writes_become_one_statement_whose_values_keep_apart():
    [(said, values)] = as_few([(ONE, {"id": 1}), ("UPDATE kept SET id = %(id)s", {"id": 2})])
    assert said == "WITH w0 AS (INSERT INTO kept (id) VALUES (%(w0_id)s)) UPDATE kept SET id = %(w1_id)s"
    assert values == {"w0_id": 1, "w1_id": 2}


def test_a_single_write_stays_what_it_is_and_many_are_shared_out():
    assert [said for said, _ in as_few([(ONE, {"id": 1})])] == [ONE.replace("id)s", "w0_id)s")]
    assert len(list(as_few([(ONE, {"id": n}) for n in range(AT_ONCE + 1)]))) == 2
    assert list(as_few([])) == []


def test_postgresql_does_all_of_it_or_nothing(postgres_url):
    engine = open_engine(postgres_url)
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE kept (id integer PRIMARY KEY)"))
        [(said, values)] = as_few([(ONE, {"id": n}) for n in range(3)])
        say(connection, said, values)
        connection.commit()
        connection.begin()
        [(said, values)] = as_few([(ONE, {"id": n}) for n in (7, 1)])
        with pytest.raises(IntegrityError):
            say(connection, said, values)
        connection.rollback()
        assert connection.execute(text("SELECT id FROM kept ORDER BY id")).scalars().all() == [0, 1, 2]
    engine.dispose()
