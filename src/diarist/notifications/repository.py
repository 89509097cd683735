"""Reads and writes subscriptions and their deliveries, as their owner sees them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.database.base import first_id
from diarist.database.clock import database_now
from diarist.database.ordering import FIRST, Place, ordered
from diarist.errors import NotFound
from diarist.notifications.models import DeliveryRow, DeliveryState, SubscriptionRow

SWEPT_AT_ONCE = 1000


async def get_subscription(
    session: AsyncSession, account_id: UUID, subscription_id: UUID, *, to_change: bool = False
) -> SubscriptionRow:
    """One subscription, locked until the transaction ends when it is `to_change`; raises `NotFound`.

    Whoever changes it and its deliveries locks it first, so that no two transactions wait for each other.
    """
    statement = select(SubscriptionRow).where(SubscriptionRow.account_id == account_id, SubscriptionRow.id == subscription_id)
    row = await session.scalar(statement.with_for_update(key_share=True) if to_change else statement)
    if row is None:
        raise NotFound(f"there is no subscription {subscription_id}", advice="Check the id; `diarist webhooks list` shows them.")
    return row


async def list_subscriptions(
    session: AsyncSession, account_id: UUID, limit: int, place: Place = FIRST
) -> Sequence[SubscriptionRow]:  # fmt: skip
    """Some of the subscriptions, in the order of a place and behind it."""
    statement = select(SubscriptionRow).where(SubscriptionRow.account_id == account_id).limit(limit)
    return (await session.scalars(ordered(statement, place, SubscriptionRow.id))).all()


async def number_of_subscriptions(session: AsyncSession, account_id: UUID) -> int:
    """How many an account has."""
    counted = select(func.count()).select_from(SubscriptionRow).where(SubscriptionRow.account_id == account_id)
    return await session.scalar(counted) or 0


async def get_delivery(session: AsyncSession, account_id: UUID, subscription_id: UUID, delivery_id: UUID) -> DeliveryRow:
    """One delivery of a subscription; raises `NotFound`."""
    row = DeliveryRow
    mine = (row.account_id == account_id, row.subscription_id == subscription_id, row.id == delivery_id)
    found = await session.scalar(select(row).where(*mine))
    if found is None:
        raise NotFound(f"there is no delivery {delivery_id} of this subscription", advice="Deliveries are kept for some weeks.")
    return found


async def list_deliveries(
    session: AsyncSession,
    account_id: UUID,
    subscription_id: UUID,
    limit: int,
    place: Place = FIRST,
    state: DeliveryState | None = None,
) -> Sequence[DeliveryRow]:
    """Some of the deliveries, in the order of a place and behind it; only those in a `state`, if one is named."""
    row = DeliveryRow
    statement = select(row).where(row.account_id == account_id, row.subscription_id == subscription_id).limit(limit)
    if state is not None:
        statement = statement.where(row.state == state)
    return (await session.scalars(ordered(statement, place, row.id))).all()


async def hold(session: AsyncSession, subscription_id: UUID) -> None:
    """Let nothing of a subscription be sent, but for what somebody has in hand."""
    row = DeliveryRow
    waiting = (row.subscription_id == subscription_id, row.state == DeliveryState.WAITING, row.token.is_(None))
    await _change(session, *waiting, next_at=None)


async def release(session: AsyncSession, subscription_id: UUID) -> None:
    """Let all be sent that is held."""
    row = DeliveryRow
    held = (row.subscription_id == subscription_id, row.state == DeliveryState.WAITING, row.next_at.is_(None))
    await _change(session, *held, next_at=database_now())


async def again(session: AsyncSession, subscription: SubscriptionRow, *which: object) -> int:
    """Put deliveries back to the beginning of their schedule, but for those in hand; returns how many."""
    row = DeliveryRow
    values = {"state": DeliveryState.WAITING, "tried": 0, "next_at": None if subscription.paused_at else database_now()}
    return await _change(session, row.subscription_id == subscription.id, row.token.is_(None), *which, **values)


async def sweep(session: AsyncSession, before: datetime) -> int:
    """Take away some of what was written before a moment, sent or not; returns how many."""
    oldest = select(DeliveryRow.id).where(DeliveryRow.id < first_id(before)).order_by(DeliveryRow.id).limit(SWEPT_AT_ONCE)
    return await _number(session, delete(DeliveryRow).where(DeliveryRow.id.in_(oldest)))


async def _change(session: AsyncSession, *which: object, **values: object) -> int:
    return await _number(session, update(DeliveryRow).where(*which).values(**values))  # type: ignore[arg-type]  # clauses


async def _number(session: AsyncSession, statement: object) -> int:
    done = await session.execute(statement, execution_options={"synchronize_session": False})  # type: ignore[call-overload]
    return cast("CursorResult[object]", done).rowcount
