"""The tables of webhooks."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Double, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from diarist.database.base import Base, Owned

_WAITING = text("state = 'waiting'")


class PauseReason(StrEnum):
    """Why nothing is sent to a subscription."""

    ASKED = "asked"
    """Somebody wanted it."""
    GONE = "gone"
    """The receiver answered 410."""
    FAILING = "failing"
    """It has failed for days."""


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    """For its next try, under way, or held because the subscription is paused."""
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    """Every try of the schedule was in vain; it is sent again when somebody asks for it."""


class SubscriptionRow(Owned, Base):
    """An address to which events are sent. What is sent has to be signed, so its secrets are stored as they are."""

    __tablename__ = "subscriptions"

    url: Mapped[str] = mapped_column(Text)
    label: Mapped[str] = mapped_column(String(80))
    """For people; may be empty."""
    events: Mapped[list[Any]]
    """Of `KINDS`; empty for all of them."""
    secret: Mapped[str] = mapped_column(String(100))
    previous_secret: Mapped[str | None] = mapped_column(String(100))
    """Signs as well until `previous_until`, while the receiver changes over."""
    previous_until: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    pause_reason: Mapped[PauseReason | None]
    failing_since: Mapped[datetime | None]
    """The first try that failed since the last that succeeded."""


class DeliveryRow(Owned, Base):
    """An event on its way to a subscription; what the event says is copied, for the log of events is not kept as long."""

    __tablename__ = "deliveries"
    __table_args__ = (
        # The times of those that are held are NULL, so that however many these are, looking for what is due costs the same.
        Index("ix_deliveries_due", "next_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_deliveries_line", "subscription_id", "next_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_deliveries_subscription_id_id", "subscription_id", "id"),
    )

    subscription_id: Mapped[UUID] = mapped_column(ForeignKey("subscriptions.id", ondelete="CASCADE"))
    event_id: Mapped[UUID]
    """The `webhook-id`: the same in every try, and for every subscription that the event goes to."""
    kind: Mapped[str] = mapped_column(String(40))
    job_id: Mapped[UUID | None]
    recording_id: Mapped[UUID | None]
    data: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    """When it happened."""
    traceparent: Mapped[str | None] = mapped_column(String(55))
    """Where in which trace it happened; see `telemetry.traceparent`."""
    state: Mapped[DeliveryState]
    next_at: Mapped[float | None] = mapped_column(Double)
    """Seconds since the epoch by the database's clock: when to try, or until when somebody has it in hand; None while it is held,
    and when it is settled."""
    token: Mapped[UUID | None]
    """Fencing token: whoever holds it has it in hand, and may write the result."""
    tried: Mapped[int]
    """Tries since it was written, or was last asked for again."""
    tries: Mapped[list[Any]]
    """`{"at", "status", "seconds", "error"}` each, the oldest first."""
