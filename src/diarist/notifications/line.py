"""Deliveries in hand: claimed for a while, settled once, found again when whoever had them has died."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.database.base import utc_now
from diarist.database.clock import database_now
from diarist.database.session import Database
from diarist.domain.events import Event, EventKind
from diarist.events.log import EventLog
from diarist.notifications import repository
from diarist.notifications.kinds import TEST
from diarist.notifications.models import DeliveryRow, DeliveryState, PauseReason, SubscriptionRow
from diarist.notifications.schedule import wait
from diarist.notifications.sending import Answer
from diarist.settings.webhooks import WebhookSettings

GONE = 410
MARGIN = 10.0
"""Seconds beyond the longest try for which a delivery is in hand."""
_KEPT = 30
"""Tries of a delivery that are told."""


@dataclass(frozen=True, slots=True)
class InHand:
    """A delivery that was claimed, and what it takes to send it."""

    row: DeliveryRow
    token: UUID
    url: str
    secrets: Sequence[str]
    """The one in force first."""


async def lines(database: Database, besides: Collection[UUID], limit: int) -> Sequence[UUID]:
    """Subscriptions that have something to be sent now, but for some that are seen to."""
    due = (DeliveryRow.state == DeliveryState.WAITING, DeliveryRow.next_at <= database_now())
    line = select(DeliveryRow.id).where(DeliveryRow.subscription_id == SubscriptionRow.id, *due).exists()
    statement = select(SubscriptionRow.id).where(line, SubscriptionRow.id.not_in(besides)).limit(limit)
    async with database.look() as session:
        # Mostly there is nothing, and one look into an index says so.
        if await session.scalar(select(DeliveryRow.id).where(*due).limit(1)) is None:
            return ()
        return (await session.scalars(statement)).all()


async def claim(database: Database, subscription_id: UUID, seconds: float) -> InHand | None:
    """Take the delivery of a subscription that has been due the longest in hand, for so long; None when there is none."""
    row, token = DeliveryRow, uuid4()
    due = (row.subscription_id == subscription_id, row.state == DeliveryState.WAITING, row.next_at <= database_now())
    first = select(row.id).where(*due).order_by(row.next_at).limit(1)
    async with database.look() as session:
        if await session.scalar(first) is None:
            return None
    async with database.write() as session:
        subscription = await _locked(session, subscription_id)
        if subscription is None or subscription.paused_at is not None:
            # Whoever had it in hand has died, and by now nothing is to be sent.
            await session.execute(update(row).where(*due).values(token=None, next_at=None))
            return None
        taken = await session.scalar(
            update(row)
            .where(row.id == first.with_for_update(skip_locked=True).scalar_subquery())
            .values(token=token, next_at=database_now() + seconds)
            .returning(row),
            execution_options={"synchronize_session": False},
        )
    return InHand(taken, token, subscription.url, _secrets(subscription)) if taken is not None else None


async def give_back(database: Database, held: InHand) -> None:
    """Let somebody else send it, at once; the try is not counted."""
    mine = (DeliveryRow.id == held.row.id, DeliveryRow.token == held.token)
    async with database.write() as session:
        await session.execute(update(DeliveryRow).where(*mine).values(token=None, next_at=database_now()))


async def settle(session: AsyncSession, log: EventLog, settings: WebhookSettings, held: InHand, answer: Answer) -> bool:
    """Write down what came of a try, and draw the consequences; False when somebody else has it in hand by now."""
    subscription = await _locked(session, held.row.subscription_id)
    mine = (DeliveryRow.id == held.row.id, DeliveryRow.token == held.token)
    row = await session.scalar(select(DeliveryRow).where(*mine).with_for_update())
    if subscription is None or row is None:
        return False
    row.token, row.tried = None, row.tried + 1
    row.tries = [*row.tries, answer.told()][-_KEPT:]
    now = utc_now()
    if answer.taken:
        row.state, row.next_at = DeliveryState.SUCCEEDED, None
        subscription.failing_since = None
        return True
    retries = [] if row.kind == TEST else settings.retries
    seconds = wait(retries, row.tried, answer.retry_after)
    row.state, row.next_at = DeliveryState.FAILED if seconds is None else DeliveryState.WAITING, None
    if seconds is not None and subscription.paused_at is None:
        row.next_at = database_now() + seconds
    if row.kind != TEST:
        subscription.failing_since = subscription.failing_since or now
    if subscription.paused_at is None and (reason := _pause(subscription, settings, answer, now)):
        await session.flush()
        await _pause_by_itself(session, log, subscription, reason, now)
    return True


async def _locked(session: AsyncSession, subscription_id: UUID) -> SubscriptionRow | None:
    statement = select(SubscriptionRow).where(SubscriptionRow.id == subscription_id)
    return await session.scalar(statement.with_for_update(key_share=True))


def _secrets(subscription: SubscriptionRow) -> tuple[str, ...]:
    until = subscription.previous_until
    if subscription.previous_secret is None or until is None or until <= utc_now():
        return (subscription.secret,)
    return (subscription.secret, subscription.previous_secret)


def _pause(subscription: SubscriptionRow, settings: WebhookSettings, answer: Answer, now: datetime) -> PauseReason | None:
    if answer.status == GONE:
        return PauseReason.GONE
    since = subscription.failing_since
    if since is not None and now - since >= timedelta(days=settings.pause_after_days):
        return PauseReason.FAILING
    return None


async def _pause_by_itself(
    session: AsyncSession, log: EventLog, subscription: SubscriptionRow, reason: PauseReason, now: datetime
) -> None:
    subscription.paused_at, subscription.pause_reason = now, reason
    await repository.hold(session, subscription.id)
    about = {"subscription_id": str(subscription.id), "reason": reason.value}
    log.append(session, Event(kind=EventKind.SUBSCRIPTION_PAUSED, account_id=subscription.account_id, data=about))
