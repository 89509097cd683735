"""Jobs that end early, and the manner in which each hears its recording; texts of other manners stand beside the usual one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None
phase = "pre"

_UNIQUE = ("recording_id", "plan_version", "index"), ("recording_id", "plan_version", "manner_key", "index")
"""Columns by which chunks are told apart, before and after; to a program that knows no manners both say the same."""


def upgrade() -> None:
    with op.batch_alter_table("jobs") as jobs:
        jobs.add_column(sa.Column("until", sa.String(40), nullable=True))
        jobs.add_column(sa.Column("manner", sa.JSON(), nullable=True))
        jobs.add_column(_key())
    with op.batch_alter_table("transcripts") as transcripts:
        transcripts.add_column(_key())
    with op.batch_alter_table("chunks") as chunks:
        chunks.add_column(_key())
        chunks.drop_constraint(_name(_UNIQUE[0]), type_="unique")
        chunks.create_unique_constraint(_name(_UNIQUE[1]), list(_UNIQUE[1]))


def downgrade() -> None:
    for table in ("chunks", "transcripts", "jobs"):
        op.execute(sa.text(f"DELETE FROM {table} WHERE manner_key <> ''"))  # noqa: S608 - names of ours
    with op.batch_alter_table("chunks") as chunks:
        chunks.drop_constraint(_name(_UNIQUE[1]), type_="unique")
        chunks.create_unique_constraint(_name(_UNIQUE[0]), list(_UNIQUE[0]))
        chunks.drop_column("manner_key")
    with op.batch_alter_table("transcripts") as transcripts:
        transcripts.drop_column("manner_key")
    with op.batch_alter_table("jobs") as jobs:
        for column in ("manner_key", "manner", "until"):
            jobs.drop_column(column)


def _key() -> sa.Column[str]:
    return sa.Column("manner_key", sa.String(32), nullable=False, server_default="")


def _name(columns: tuple[str, ...]) -> str:
    return op.f(f"uq_chunks_{'_'.join(columns)}")
