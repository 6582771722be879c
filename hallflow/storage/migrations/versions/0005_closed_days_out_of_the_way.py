"""Closed days out of the way: their tickets in a table of their own, their visits in sums."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for what is past; the job moves it there, little by little, while the halls are open."""
    op.create_table(
        "past_tickets",
        sa.Column("hall", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("visit", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("tier", sa.String(length=32), nullable=False),
        sa.Column("service", sa.String(length=32), nullable=False),
        sa.Column("counter", sa.String(length=32), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("hall", "day", "number", name=op.f("pk_past_tickets")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_past_tickets_token"), "past_tickets", ["token"])
    op.create_table(
        "day_sums",
        sa.Column("hall", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("hall", "day", name=op.f("pk_day_sums")),
    )


def downgrade() -> None:
    """Bring the past back among the present."""
    op.execute("INSERT INTO tickets SELECT * FROM past_tickets")
    op.drop_table("day_sums")
    op.drop_table("past_tickets")
