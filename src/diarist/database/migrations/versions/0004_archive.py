"""What becomes of originals after a while, and where long sweeps stand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None
phase = "pre"


def upgrade() -> None:
    with op.batch_alter_table("accounts") as accounts:
        accounts.add_column(sa.Column("archive_format", sa.String(length=16), nullable=False, server_default="keep"))
        accounts.add_column(sa.Column("archive_after_days", sa.Integer(), nullable=False, server_default="30"))
    with op.batch_alter_table("recordings") as recordings:
        recordings.add_column(sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True))
        recordings.add_column(sa.Column("archived_format", sa.String(length=16), nullable=True))
        recordings.add_column(sa.Column("original_size_bytes", sa.BigInteger(), nullable=True))
        recordings.add_column(sa.Column("superseded_key", sa.String(length=255), nullable=True))
    op.create_index("ix_recordings_superseded_key", "recordings", ["superseded_key"])
    op.create_table(
        "sweeps",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("position", sa.String(length=255), nullable=False),
        sa.Column("busy_until", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_sweeps"),
    )


def downgrade() -> None:
    op.drop_table("sweeps")
    op.drop_index("ix_recordings_superseded_key", "recordings")
    with op.batch_alter_table("recordings") as recordings:
        for column in ("superseded_key", "original_size_bytes", "archived_format", "archived_at"):
            recordings.drop_column(column)
    with op.batch_alter_table("accounts") as accounts:
        accounts.drop_column("archive_after_days")
        accounts.drop_column("archive_format")
