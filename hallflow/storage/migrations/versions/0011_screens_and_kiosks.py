"""The screens and kiosks that the servers hear of, so that a manager is told of a silent one.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One row for each of them."""
    op.create_table(
        "screens",
        sa.Column("hall", sa.String(length=64), nullable=False),
        sa.Column("screen", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=32), nullable=False),
        sa.Column("server", sa.String(length=16), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("connected", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("hall", "screen", "device", name=op.f("pk_screens")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """They call again."""
    op.drop_table("screens")
