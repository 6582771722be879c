"""The forecast of a day as it was made, and who came.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep what was expected of each day, and compare it when the day is closed."""
    op.create_table(
        "forecasts",
        sa.Column("hall", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("made", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("came", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("hall", "day", "made", name=op.f("pk_forecasts")),
    )


def downgrade() -> None:
    """Forget what was expected."""
    op.drop_table("forecasts")
