"""The weeks whose roster a manager has asked for, until the worker has made them."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One row for a week of a hall."""
    op.create_table(
        "rosters_asked",
        sa.Column("hall", sa.String(length=64), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("days_known", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("hall", "week", name=op.f("pk_rosters_asked")),
    )


def downgrade() -> None:
    """Rosters are asked for again."""
    op.drop_table("rosters_asked")
