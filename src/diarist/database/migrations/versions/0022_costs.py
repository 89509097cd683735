"""What tasks take of processors, what chunks and deleted recordings take up, and what accounts send and are sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None
phase = "pre"


def upgrade() -> None:
    for column in ("cpu_seconds", "gpu_seconds"):
        op.add_column("tasks", sa.Column(column, sa.Double(), nullable=False, server_default="0"))
    op.create_index("ix_tasks_account_id_finished_at", "tasks", ["account_id", "finished_at"])
    op.drop_index("ix_tasks_account_id", "tasks")
    op.add_column("chunks", sa.Column("size_bytes", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_table(
        "past_work",
        sa.Column("id", sa.Uuid(), nullable=False),
        _account("past_work"),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.String(40), nullable=False),
        sa.Column("finished_at", sa.Double(), nullable=False),
        sa.Column("cpu_seconds", sa.Double(), nullable=False),
        sa.Column("gpu_seconds", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_work")),
    )
    op.create_index("ix_past_work_account_id_finished_at", "past_work", ["account_id", "finished_at"])
    op.create_index("ix_past_work_job_id", "past_work", ["job_id"])
    op.create_table(
        "past_storage",
        sa.Column("id", sa.Uuid(), nullable=False),
        _account("past_storage"),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("audio_seconds", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_storage")),
    )
    op.create_index("ix_past_storage_account_id_until", "past_storage", ["account_id", "until"])
    op.create_table(
        "traffic",
        _account("traffic"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("bytes_in", sa.BigInteger(), nullable=False),
        sa.Column("bytes_out", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "day", name=op.f("pk_traffic")),
    )


def downgrade() -> None:
    for table in ("traffic", "past_storage", "past_work"):
        op.drop_table(table)
    with op.batch_alter_table("chunks") as chunks:
        chunks.drop_column("size_bytes")
    op.create_index("ix_tasks_account_id", "tasks", ["account_id"])
    op.drop_index("ix_tasks_account_id_finished_at", "tasks")
    with op.batch_alter_table("tasks") as tasks:
        for column in ("gpu_seconds", "cpu_seconds"):
            tasks.drop_column(column)


def _account(table: str) -> sa.Column[object]:
    reference = sa.ForeignKey("accounts.id", name=op.f(f"fk_{table}_account_id_accounts"), ondelete="CASCADE")
    return sa.Column("account_id", sa.Uuid(), reference, nullable=False)
