"""By which filter noise was taken out of chunks, and where it could not be used."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None
phase = "pre"


def upgrade() -> None:
    with op.batch_alter_table("chunks") as chunks:
        chunks.add_column(sa.Column("sound_filter", sa.String(80), nullable=False, server_default=""))
        chunks.add_column(sa.Column("filter_failure", sa.String(200), nullable=False, server_default=""))
    with op.batch_alter_table("transcripts") as transcripts:
        transcripts.add_column(sa.Column("sound_filter", sa.String(80), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("transcripts") as transcripts:
        transcripts.drop_column("sound_filter")
    with op.batch_alter_table("chunks") as chunks:
        for column in ("filter_failure", "sound_filter"):
            chunks.drop_column(column)
