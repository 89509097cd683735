"""The table of accounts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from diarist.database.base import Base, Identified, JsonOf, utc_now
from diarist.domain.archive import ArchiveFormat
from diarist.domain.hints import Hints


class AccountRow(Identified, Base):
    """The owner of recordings and all that is made of them."""

    __tablename__ = "accounts"

    name: Mapped[str] = mapped_column(String(80), unique=True)
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    """IANA name; an entry's day is counted in it."""
    max_running: Mapped[int | None]
    """Tasks of each queue that may run at once; None for what `queue.account_limit` says."""
    archive_format: Mapped[ArchiveFormat] = mapped_column(default=ArchiveFormat.KEEP, server_default="keep")
    archive_after_days: Mapped[int] = mapped_column(default=30, server_default="30")
    """Days for which originals are kept in any case."""
    hints: Mapped[Hints | None] = mapped_column(JsonOf(Hints))
    """What holds for its recordings unless they have hints of their own."""
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
