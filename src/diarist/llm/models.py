"""The tables of receipts, of what budgets have promised and of what models turn out to be; money is in billionths of a USD."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Double, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from diarist.database.base import Base, Identified, Owned, utc_now


class ReceiptRow(Owned, Base):
    """One question, and all calls that were made for it; never what was said."""

    __tablename__ = "receipts"
    __table_args__ = (Index("ix_receipts_account_id_id", "account_id", "id"),)

    purpose: Mapped[str] = mapped_column(String(60))
    prompt_version: Mapped[str] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(16))
    """`asking`, `answered` or `failed`; one that is asking for long was ended by a crash."""
    provider: Mapped[str | None] = mapped_column(String(40))
    """Whose answer was used, as the next two."""
    model: Mapped[str | None] = mapped_column(String(120))
    region: Mapped[str | None] = mapped_column(String(16))
    text_sha256: Mapped[str] = mapped_column(String(64))
    """Of the account's text as it left last, masked where it was masked; UTF-8, in hexadecimal."""
    masked: Mapped[dict[str, Any]]
    """How many different people, places and so on were masked in it."""
    job_id: Mapped[UUID | None] = mapped_column(ForeignKey("jobs.id", ondelete="SET NULL"), index=True)
    """The job that asked; None where none did, as for a day."""
    input_tokens: Mapped[int] = mapped_column(default=0)
    output_tokens: Mapped[int] = mapped_column(default=0)
    cost: Mapped[int] = mapped_column(BigInteger, default=0)
    """Billionths of a USD, all calls together."""
    seconds: Mapped[float] = mapped_column(Double, default=0.0)
    """From the question to its end."""
    cached: Mapped[bool] = mapped_column(default=False)
    hops: Mapped[list[Any]]
    """`asking.Hop` each, in the order in which they were made."""
    candidates: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    """`receipts.schemas.Candidate` each: every model, and what spoke for it or against it; None where that was not kept yet."""


class ReservationRow(Identified, Base):
    """What one call may cost at most, and then what it did."""

    __tablename__ = "budget_reservations"
    __table_args__ = (Index("ix_budget_reservations_account_id_day", "account_id", "day"),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    receipt_id: Mapped[UUID] = mapped_column(ForeignKey("receipts.id", ondelete="CASCADE"), index=True)
    day: Mapped[date]
    """In UTC."""
    reserved: Mapped[int] = mapped_column(BigInteger)
    """Billionths of a USD; counts as spent until it is known what was."""
    spent: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    settled_at: Mapped[datetime | None]


class MeasurementRow(Base):
    """What a model turned out to be; see `measuring.Measured`."""

    __tablename__ = "model_measurements"

    name: Mapped[str] = mapped_column(String(161), primary_key=True)
    """`provider/model`."""
    seconds: Mapped[float | None] = mapped_column(Double)
    share: Mapped[float] = mapped_column(Double)
    weight: Mapped[float] = mapped_column(Double)
    judged: Mapped[int] = mapped_column(BigInteger)
    judged_at: Mapped[datetime | None]
