"""Rows by their key: put in their place, new or not, and their data read back; the same on SQLite and PostgreSQL."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table, select
from sqlalchemy.dialects import postgresql, sqlite


def insert_into(connection: Connection, table: Table) -> Any:
    """An insert that may say what becomes of a row whose key is there already."""
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)


def put(connection: Connection, table: Table, *rows: Mapping[str, Any], **changed: Any) -> None:
    """Put rows in place of those that have their key, if there are any; `changed` tells what else becomes of those."""
    if not rows:
        return
    statement, keys = insert_into(connection, table), table.primary_key.columns.keys()
    told = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=told | changed), list(rows))


def data_of(connection: Connection, table: Table, **key: Any) -> Mapping[str, Any] | None:
    """The data of the row with this key; None where there is none."""
    query = select(table.c.data).where(*(table.c[name] == value for name, value in key.items()))
    data: Mapping[str, Any] | None = connection.execute(query).scalar_one_or_none()
    return data
