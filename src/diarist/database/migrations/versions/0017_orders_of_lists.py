"""Indexes for the orders in which lists are read: by when things came, and recordings by when they were spoken."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None
phase = "pre"

_TABLES = ("recordings", "jobs", "entries", "receipts")
_SPOKEN = "ix_recordings_account_id_spoken_at"


def upgrade() -> None:
    for table in _TABLES:
        op.create_index(_name(table), table, ["account_id", "id"])
    op.create_index(_SPOKEN, "recordings", ["account_id", sa.text("coalesce(recorded_at, created_at)"), "id"])


def downgrade() -> None:
    op.drop_index(_SPOKEN, "recordings")
    for table in _TABLES:
        op.drop_index(_name(table), table)


def _name(table: str) -> str:
    return f"ix_{table}_account_id_id"
