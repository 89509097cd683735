"""People in accounts, the sessions of their browsers, and who made a key."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None
phase = "pre"


def upgrade() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("name", sa.String(120), nullable=True),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("issuer", sa.String(255), nullable=True),
        sa.Column("subject", sa.String(255), nullable=True),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_users_account_id_accounts"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("account_id", "email", name=op.f("uq_users_account_id_email")),
        sa.UniqueConstraint("account_id", "issuer", "subject", name=op.f("uq_users_account_id_issuer_subject")),
    )
    op.create_index(op.f("ix_users_account_id"), "users", ["account_id"])
    op.create_index(op.f("ix_users_email"), "users", ["email"])
    op.create_index(op.f("ix_users_subject"), "users", ["subject"])
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_sessions_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sessions_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("sha256", name=op.f("uq_sessions_sha256")),
    )
    for column in ("account_id", "user_id", "expires_at"):
        op.create_index(op.f(f"ix_sessions_{column}"), "sessions", [column])
    with op.batch_alter_table("api_keys") as keys:
        keys.add_column(sa.Column("maker_id", sa.Uuid(), nullable=True))
        keys.create_foreign_key(op.f("fk_api_keys_maker_id_users"), "users", ["maker_id"], ["id"], ondelete="SET NULL")
        keys.create_index(op.f("ix_api_keys_maker_id"), ["maker_id"])


def downgrade() -> None:
    with op.batch_alter_table("api_keys") as keys:
        keys.drop_index(op.f("ix_api_keys_maker_id"))
        keys.drop_constraint(op.f("fk_api_keys_maker_id_users"), type_="foreignkey")
        keys.drop_column("maker_id")
    op.drop_table("sessions")
    op.drop_table("users")
