"""Promises kept with the visits, and what calibrates them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SHOWN = ("low", "likely", "high", "first_wait", "ahead", "typical", "les", "queue")
COUNTS = ("low", "likely", "high", "ahead")


def upgrade() -> None:
    """Keep what was shown at issue beside what happened."""
    with op.batch_alter_table("visits") as batch:
        for name in SHOWN:
            batch.add_column(sa.Column(name, sa.Integer() if name in COUNTS else sa.Float(), nullable=True))
    op.create_table(
        "calibrations",
        sa.Column("hall", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("hall", name=op.f("pk_calibrations")),
    )


def downgrade() -> None:
    """Back to visits without promises."""
    op.drop_table("calibrations")
    with op.batch_alter_table("visits") as batch:
        for name in SHOWN:
            batch.drop_column(name)
