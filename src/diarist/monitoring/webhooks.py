"""How webhooks stand: whether they are sent in time, and to how many nothing is sent any more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.database.clock import database_now
from diarist.notifications.models import DeliveryRow, DeliveryState, PauseReason, SubscriptionRow

ACTIVE = "active"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookStanding:
    """Over all accounts."""

    subscriptions: Mapping[str, int]
    """How many are `active`, or paused for which reason."""
    overdue: float
    """Seconds for which a try has been due; 0 when none is."""


async def webhooks(session: AsyncSession) -> WebhookStanding:
    """As they are now."""
    counted = select(SubscriptionRow.pause_reason, func.count()).group_by(SubscriptionRow.pause_reason)
    found: dict[PauseReason | None, int] = {row[0]: row[1] for row in await session.execute(counted)}
    due = select(database_now() - func.min(DeliveryRow.next_at)).where(
        DeliveryRow.state == DeliveryState.WAITING, DeliveryRow.next_at.is_not(None)
    )
    overdue = await session.scalar(due)
    return WebhookStanding(
        subscriptions={ACTIVE: found.get(None, 0), **{reason.value: found.get(reason, 0) for reason in PauseReason}},
        overdue=max(0.0, overdue or 0.0),
    )
