"""Errors, counted by what they are alike by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None
phase = "pre"

_OF_ALL = sa.text("account_id IS NULL")


def upgrade() -> None:
    op.create_table(
        "failures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.String(12), nullable=False),
        sa.Column(
            "account_id", sa.Uuid(),
            sa.ForeignKey("accounts.id", name=op.f("fk_failures_account_id_accounts"), ondelete="CASCADE"),
        ),
        sa.Column("code", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("type", sa.String(200), nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("frames", sa.JSON(), nullable=False),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.String(40), nullable=False),
        sa.Column("trace_id", sa.String(32)),
        sa.Column("request_id", sa.String(128)),
        sa.Column("job_id", sa.Uuid()),
        sa.Column("task_id", sa.Uuid()),
        sa.Column("resolved_at", sa.DateTime(timezone=True)),
        sa.Column("resolved_in", sa.String(40)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failures")),
    )  # fmt: skip
    op.create_index(
        "ix_failures_fingerprint", "failures", ["fingerprint"], unique=True, sqlite_where=_OF_ALL, postgresql_where=_OF_ALL
    )
    op.create_index("ix_failures_account_id_fingerprint", "failures", ["account_id", "fingerprint"], unique=True)
    op.create_index("ix_failures_account_id_last_seen", "failures", ["account_id", "last_seen"])
    op.create_index("ix_failures_last_seen", "failures", ["last_seen"])


def downgrade() -> None:
    op.drop_table("failures")
