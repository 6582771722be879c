"""The rosters that were made, so that whoever works in a hall can ask for theirs."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One row for a week of a hall."""
    op.create_table(
        "rosters",
        sa.Column("hall", sa.String(length=64), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("hall", "week", name=op.f("pk_rosters")),
    )


def downgrade() -> None:
    """Rosters are made again."""
    op.drop_table("rosters")
