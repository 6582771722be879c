"""A model of each hall's waits, and what the twin said at issue, which it learns from."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TWIN = ("twin_low", "twin_likely", "twin_high")


def upgrade() -> None:
    """Keep models, and the twin's word with each visit."""
    with op.batch_alter_table("visits") as batch:
        for name in TWIN:
            batch.add_column(sa.Column(name, sa.Float(), nullable=True))
    op.create_table(
        "models",
        sa.Column("hall", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("hall", name=op.f("pk_models")),
    )


def downgrade() -> None:
    """Back to the twin alone."""
    op.drop_table("models")
    with op.batch_alter_table("visits") as batch:
        for name in TWIN:
            batch.drop_column(name)
