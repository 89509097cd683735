"""Long text columns of PostgreSQL are compressed by LZ4, which takes a fraction of the time of its own method."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None
phase = "pre"

_COLUMNS = (("chunks", "segments"), ("transcripts", "segments"))


def upgrade() -> None:
    """Where the server was built with it; rows that are there keep what they were written with, and can be read all the same."""
    if op.get_bind().dialect.name != "postgresql":
        return
    known = "SELECT 'lz4' = ANY (enumvals) FROM pg_settings WHERE name = 'default_toast_compression'"
    if op.get_bind().scalar(sa.text(known)):
        _compress("lz4")


def downgrade() -> None:
    """As PostgreSQL comes."""
    if op.get_bind().dialect.name == "postgresql":
        _compress("default")


def _compress(method: str) -> None:
    for table, column in _COLUMNS:
        op.execute(sa.text(f"ALTER TABLE {table} ALTER COLUMN {column} SET COMPRESSION {method}"))
