"""When days begin, when recordings were made, and the time zone of this machine for a diary that is kept on it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from diarist.settings.time_zone import FALLBACK, machine_zone

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None
phase = "pre"


def upgrade() -> None:
    op.add_column("accounts", sa.Column("day_begins", sa.Time(), nullable=False, server_default="04:00:00"))
    op.add_column("recordings", sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        # Until now no account could have a zone of its own. It is written down once: days must not move with a traveller.
        accounts = sa.table("accounts", sa.column("time_zone", sa.String()))
        op.execute(accounts.update().where(accounts.c.time_zone == FALLBACK).values(time_zone=machine_zone()))


def downgrade() -> None:
    with op.batch_alter_table("recordings") as recordings:
        recordings.drop_column("recorded_at")
    with op.batch_alter_table("accounts") as accounts:
        accounts.drop_column("day_begins")
