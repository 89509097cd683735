"""The ledger in earnest: turns between accounts, classes of jobs, limits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None
phase = "pre"

_READY = sa.text("state = 'queued'")


def upgrade() -> None:
    with op.batch_alter_table("tasks") as tasks:
        tasks.add_column(sa.Column("turn", sa.BigInteger(), nullable=False, server_default="0"))
        tasks.alter_column("run_after", existing_type=sa.Double(), nullable=True)
        tasks.drop_column("rung_at")
        tasks.drop_index("ix_tasks_ready")
    op.create_index("ix_tasks_ready", "tasks", ["queue", "priority", "turn", "id"], sqlite_where=_READY, postgresql_where=_READY)
    op.create_index(
        "ix_tasks_backlog", "tasks", ["account_id", "queue", "priority", "turn"], sqlite_where=_READY, postgresql_where=_READY
    )
    due = sa.text("state = 'waiting'")
    op.create_index("ix_tasks_due", "tasks", ["run_after"], sqlite_where=due, postgresql_where=due)
    op.create_index("ix_tasks_started", "tasks", ["queue", "priority", "started_at"])
    op.create_index("ix_tasks_state", "tasks", ["state", "queue"])
    with op.batch_alter_table("jobs") as jobs:
        jobs.add_column(sa.Column("priority", sa.String(length=16), nullable=False, server_default="normal"))
    with op.batch_alter_table("accounts") as accounts:
        accounts.add_column(sa.Column("max_running", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("accounts") as accounts:
        accounts.drop_column("max_running")
    with op.batch_alter_table("jobs") as jobs:
        jobs.drop_column("priority")
    for name in ("ix_tasks_due", "ix_tasks_state", "ix_tasks_started", "ix_tasks_backlog", "ix_tasks_ready"):
        op.drop_index(name, "tasks")
    op.execute("UPDATE tasks SET run_after = 0 WHERE run_after IS NULL")
    with op.batch_alter_table("tasks") as tasks:
        tasks.alter_column("run_after", existing_type=sa.Double(), nullable=False)
        tasks.add_column(sa.Column("rung_at", sa.Double(), nullable=True))
        tasks.drop_column("turn")
    op.create_index("ix_tasks_ready", "tasks", ["queue", "state", "priority", "run_after"])
