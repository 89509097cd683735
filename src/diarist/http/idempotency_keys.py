"""The table of answers that are kept under an `Idempotency-Key`."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Double, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from diarist.database.base import Base, Owned


class IdempotencyKeyRow(Owned, Base):
    """One request that carried a key, and its answer once it is there."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (UniqueConstraint("account_id", "key"),)

    key: Mapped[str] = mapped_column(String(255))
    fingerprint: Mapped[str] = mapped_column(String(64))
    """Tells another request under the same key from a repeated one."""
    token: Mapped[UUID]
    """Whoever holds it answers; a process that was believed dead cannot overwrite its successor's answer."""
    lease_until: Mapped[float | None] = mapped_column(Double)
    """While the request runs: until when it counts as running, by the database's clock."""
    status: Mapped[int | None]
    """HTTP status of the answer; None while the request runs."""
    headers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    body: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    expires_at: Mapped[datetime] = mapped_column(index=True)
