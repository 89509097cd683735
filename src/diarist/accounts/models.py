"""The table of accounts."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from diarist.database.base import Base, Identified, JsonOf, utc_now
from diarist.domain.archive import ArchiveFormat
from diarist.domain.budget import BudgetLimits
from diarist.domain.days import BEGINS, Days, zone_of
from diarist.domain.hints import Hints
from diarist.domain.privacy import Privacy
from diarist.domain.quotas import Quotas


class AccountRow(Identified, Base):
    """The owner of recordings and all that is made of them."""

    __tablename__ = "accounts"

    name: Mapped[str] = mapped_column(String(80), unique=True)
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    """IANA name; an entry's day is counted in it."""
    day_begins: Mapped[time] = mapped_column(default=BEGINS, server_default="04:00:00")
    """What was said earlier belongs to the day before."""
    max_running: Mapped[int | None]
    """Tasks of each queue that may run at once; None for what `queue.account_limit` says."""
    archive_format: Mapped[ArchiveFormat] = mapped_column(default=ArchiveFormat.KEEP, server_default="keep")
    archive_after_days: Mapped[int] = mapped_column(default=30, server_default="30")
    """Days for which originals are kept in any case."""
    hints: Mapped[Hints | None] = mapped_column(JsonOf(Hints))
    """What holds for its recordings unless they have hints of their own."""
    masking_policy: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What of `domain.masking.MaskingPolicy` is its own, in JSON; the rest is as the settings say, as are the next where None."""
    privacy_class: Mapped[Privacy | None]
    llm_budget: Mapped[BudgetLimits | None] = mapped_column(JsonOf(BudgetLimits))
    """What is None in it is as the settings say."""
    llm_preset: Mapped[str | None] = mapped_column(String(16))
    """What counts most in the choice of a model; None for what the settings say."""
    quotas: Mapped[Quotas | None] = mapped_column(JsonOf(Quotas))
    """What is None in it is as the settings say."""
    created_at: Mapped[datetime] = mapped_column(default=utc_now)

    @property
    def days(self) -> Days:
        """How it divides time into days."""
        return Days(zone=zone_of(self.time_zone), begins=self.day_begins)
