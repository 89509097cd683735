"""The table of API keys."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from diarist.database.base import Base, Owned


class ApiKeyRow(Owned, Base):
    """A key, without its secret; one that was revoked stays, so that it can be told which there were."""

    __tablename__ = "api_keys"

    name: Mapped[str] = mapped_column(String(80))
    beginning: Mapped[str] = mapped_column(String(20))
    """The first characters of the secret, by which people know it."""
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    """Of the whole secret, in hexadecimal."""
    scopes: Mapped[list[Any]]
    """`domain.access.Permission` each."""
    maker_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    """Whoever was signed in when it was made; it is revoked when that person is removed."""
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    """To the minute."""
    revoked_at: Mapped[datetime | None]
