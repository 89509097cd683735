"""Why a model was asked and why others were not; what models turn out to be; which of them an account prefers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None
phase = "pre"


def upgrade() -> None:
    op.add_column("receipts", sa.Column("candidates", sa.JSON(), nullable=True))
    op.add_column("accounts", sa.Column("llm_preset", sa.String(16), nullable=True))
    op.create_table(
        "model_measurements",
        sa.Column("name", sa.String(161), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=True),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("judged", sa.BigInteger(), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_model_measurements")),
    )


def downgrade() -> None:
    op.drop_table("model_measurements")
    with op.batch_alter_table("accounts") as accounts:
        accounts.drop_column("llm_preset")
    with op.batch_alter_table("receipts") as receipts:
        receipts.drop_column("candidates")
