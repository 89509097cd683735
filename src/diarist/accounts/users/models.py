"""The tables of people and of their browsers' sessions."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from diarist.database.base import Base, Owned
from diarist.domain.access import Role


class UserRow(Owned, Base):
    """A person in an account, from the invitation on; somebody who is in two accounts has two rows."""

    __tablename__ = "users"
    __table_args__ = (UniqueConstraint("account_id", "email"), UniqueConstraint("account_id", "issuer", "subject"))

    email: Mapped[str] = mapped_column(String(254), index=True)
    """Where the invitation was for, in small letters."""
    name: Mapped[str | None] = mapped_column(String(120))
    """As the provider tells it."""
    role: Mapped[Role]
    issuer: Mapped[str | None] = mapped_column(String(255))
    """Who vouches for the person, as the next one from the first sign-in on: addresses change hands, subjects do not."""
    subject: Mapped[str | None] = mapped_column(String(255), index=True)
    signed_in_at: Mapped[datetime | None]
    """The last time."""


class SessionRow(Owned, Base):
    """A browser that somebody has signed in with."""

    __tablename__ = "sessions"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    """Of its secret, in hexadecimal."""
    expires_at: Mapped[datetime] = mapped_column(index=True)
