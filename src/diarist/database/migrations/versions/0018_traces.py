"""Where in which trace jobs and tasks were asked for and done, how long earlier tries took, and which job asked a model."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None
phase = "pre"

_JOB = "fk_receipts_job_id_jobs"


def upgrade() -> None:
    op.add_column("jobs", _place("traceparent"))
    op.add_column("tasks", _place("traceparent"))
    op.add_column("tasks", _place("done_in"))
    op.add_column("tasks", sa.Column("earlier_seconds", sa.Double(), nullable=False, server_default="0"))
    with op.batch_alter_table("receipts") as receipts:
        receipts.add_column(sa.Column("job_id", sa.Uuid(), nullable=True))
        receipts.create_foreign_key(op.f(_JOB), "jobs", ["job_id"], ["id"], ondelete="SET NULL")
        receipts.create_index(op.f("ix_receipts_job_id"), ["job_id"])


def downgrade() -> None:
    with op.batch_alter_table("receipts") as receipts:
        receipts.drop_index(op.f("ix_receipts_job_id"))
        receipts.drop_constraint(op.f(_JOB), type_="foreignkey")
        receipts.drop_column("job_id")
    for table, column in (("tasks", "earlier_seconds"), ("tasks", "done_in"), ("tasks", "traceparent"), ("jobs", "traceparent")):
        with op.batch_alter_table(table) as changed:
            changed.drop_column(column)


def _place(name: str) -> sa.Column[str | None]:
    return sa.Column(name, sa.String(55), nullable=True)
