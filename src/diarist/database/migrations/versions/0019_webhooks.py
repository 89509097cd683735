"""Subscriptions to events, and the deliveries of events to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None
phase = "pre"

_WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    op.create_table(
        "subscriptions",
        *_owned("subscriptions"),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("label", sa.String(80), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("secret", sa.String(100), nullable=False),
        sa.Column("previous_secret", sa.String(100), nullable=True),
        *(_moment(name) for name in ("previous_until", "paused_at")),
        sa.Column("pause_reason", sa.String(16), nullable=True),
        _moment("failing_since"),
    )
    op.create_index(op.f("ix_subscriptions_account_id"), "subscriptions", ["account_id"])
    op.create_table(
        "deliveries",
        *_owned("deliveries"),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("recording_id", sa.Uuid(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("traceparent", sa.String(55), nullable=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("next_at", sa.Double(), nullable=True),
        sa.Column("token", sa.Uuid(), nullable=True),
        sa.Column("tried", sa.Integer(), nullable=False),
        sa.Column("tries", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscriptions.id"],
            name=op.f("fk_deliveries_subscription_id_subscriptions"),
            ondelete="CASCADE",
        ),
    )
    op.create_index(op.f("ix_deliveries_account_id"), "deliveries", ["account_id"])
    op.create_index("ix_deliveries_due", "deliveries", ["next_at"], sqlite_where=_WAITING, postgresql_where=_WAITING)
    op.create_index(
        "ix_deliveries_line", "deliveries", ["subscription_id", "next_at"], sqlite_where=_WAITING, postgresql_where=_WAITING
    )
    op.create_index("ix_deliveries_subscription_id_id", "deliveries", ["subscription_id", "id"])


def downgrade() -> None:
    op.drop_table("deliveries")
    op.drop_table("subscriptions")


def _owned(table: str) -> tuple[sa.Column[object] | sa.Constraint, ...]:
    account = op.f(f"fk_{table}_account_id_accounts")
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=account, ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)
