"""How loud each second is, what became of every second, how far a transcript can be trusted, and what was withdrawn from it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None
phase = "pre"


def upgrade() -> None:
    with op.batch_alter_table("chunks") as chunks:
        chunks.add_column(sa.Column("levels", sa.JSON(), nullable=True))
        chunks.add_column(sa.Column("withdrawn", sa.JSON(), nullable=True))
    with op.batch_alter_table("transcripts") as transcripts:
        transcripts.add_column(sa.Column("coverage", sa.JSON(), nullable=True))
        transcripts.add_column(sa.Column("trust", sa.Integer(), nullable=True))
        transcripts.add_column(sa.Column("withdrawn", sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("transcripts") as transcripts:
        for column in ("withdrawn", "trust", "coverage"):
            transcripts.drop_column(column)
    with op.batch_alter_table("chunks") as chunks:
        for column in ("withdrawn", "levels"):
            chunks.drop_column(column)
