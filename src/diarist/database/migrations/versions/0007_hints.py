"""What is known of recordings before they are heard, and how loud they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None
phase = "pre"


def upgrade() -> None:
    with op.batch_alter_table("accounts") as accounts:
        accounts.add_column(sa.Column("hints", sa.JSON(), nullable=True))
    with op.batch_alter_table("recordings") as recordings:
        recordings.add_column(sa.Column("hints", sa.JSON(), nullable=True))
        recordings.add_column(sa.Column("loudness_lufs", sa.Double(), nullable=True))
    with op.batch_alter_table("uploads") as uploads:
        uploads.add_column(sa.Column("hints", sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("uploads") as uploads:
        uploads.drop_column("hints")
    with op.batch_alter_table("recordings") as recordings:
        recordings.drop_column("loudness_lufs")
        recordings.drop_column("hints")
    with op.batch_alter_table("accounts") as accounts:
        accounts.drop_column("hints")
