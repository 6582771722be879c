"""The counters that a day requires, searched by the worker and kept for whoever asks."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One row for a hall's day; without data it has been asked for, and is being made."""
    op.create_table(
        "requirements",
        sa.Column("hall", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("hall", "day", name=op.f("pk_requirements")),
    )


def downgrade() -> None:
    """Search anew whenever it is asked for again."""
    op.drop_table("requirements")
