"""The counters that an imported log saw open: how long its services took, where it does not know their end."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "readings",
        sa.Column("hall", sa.String(length=64), nullable=False),
        sa.Column("service", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("open", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hall", "service", "at", name=op.f("pk_readings")),
    )


def downgrade() -> None:

    op.drop_table("readings")
