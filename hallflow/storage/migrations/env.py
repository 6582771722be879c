"""Alembic's entry point: runs inside the connection that `hallflow upgrade` opens."""

from alembic import context

from hallflow.storage.schema import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=connection.dialect.name == "sqlite")
with context.begin_transaction():
    context.run_migrations()
