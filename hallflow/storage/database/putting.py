"""Upsert: rows inserted or updated by their key, in the same way on SQLite and PostgreSQL."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table, select
from sqlalchemy.dialects import postgresql, sqlite


def insert_into(connection: Connection, table: Table) -> Any:
    """An insert of the connection's dialect, which supports ON CONFLICT."""
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)


def put(connection: Connection, table: Table, *rows: Mapping[str, Any], **changed: Any) -> None:
    """Insert rows, or update those whose key exists; `changed` has further new values for the latter."""
    if not rows:
        return
    statement, keys = insert_into(connection, table), table.primary_key.columns.keys()
    new = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=new | changed), list(rows))


def data_of(connection: Connection, table: Table, **key: Any) -> Mapping[str, Any] | None:
    """The data of the row with this key; None where there is none."""
    query = select(table.c.data).where(*(table.c[name] == value for name, value in key.items()))
    data: Mapping[str, Any] | None = connection.execute(query).scalar_one_or_none()
    return data
