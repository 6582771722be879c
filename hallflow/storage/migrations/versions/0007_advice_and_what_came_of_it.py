"""Advice, what the manager made of it, and what came of it.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep every advice with its reason, its foreseen and its measured effect."""
    op.create_table(
        "advice",
        sa.Column("hall", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("hall", "id", name=op.f("pk_advice")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_advice_hall_day"), "advice", ["hall", "day"])


def downgrade() -> None:
    """Forget what was advised."""
    op.drop_table("advice")
