"""A chained log, and answers given once."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Chain the log and keep answers."""
    op.create_table(
        "answered",
        sa.Column("key", sa.String(length=192), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_answered")),
        sqlite_with_rowid=False,
    )
    # no hall has run on an earlier version: its log would have to be chained from the start
    for table in ("events", "halls"):
        with op.batch_alter_table(table, table_kwargs={"sqlite_with_rowid": False}) as batch:
            batch.add_column(sa.Column("hash", sa.String(length=64), nullable=False, server_default="0" * 64))
    for table in ("events", "halls"):
        with op.batch_alter_table(table, table_kwargs={"sqlite_with_rowid": False}) as batch:
            batch.alter_column("hash", server_default=None)


def downgrade() -> None:
    """Back to a log without a chain."""
    for table in ("events", "halls"):
        with op.batch_alter_table(table, table_kwargs={"sqlite_with_rowid": False}) as batch:
            batch.drop_column("hash")
    op.drop_table("answered")
