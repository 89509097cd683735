"""Webhooks over HTTP: subscriptions, and the log of what was sent to them."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from diarist.accounts.current import CurrentAccount, CurrentRuntime
from diarist.errors import InvalidInput, NotFound
from diarist.http.errors import MalformedRequest, PreconditionFailed
from diarist.http.openapi import problems
from diarist.http.pagination import DEFAULT_LIMIT, Limit, Page, cut
from diarist.http.preconditions import IfMatch
from diarist.http.resources import TaggedRoute
from diarist.http.sorting import ByCreation, next_cursor
from diarist.notifications import repository, service
from diarist.notifications.models import DeliveryState
from diarist.notifications.schemas import (
    Delivery,
    NewSubscription,
    Replayed,
    ReplaySince,
    Rotation,
    Subscription,
    SubscriptionChange,
    SubscriptionWithSecret,
    delivery_from_row,
    subscription_from_row,
    subscription_with_secret,
)

# No `Idempotency-Key` here: an answer that is kept for asking again would be a secret that is kept.
router = APIRouter(prefix="/v1/subscriptions", tags=["webhooks"], route_class=TaggedRoute)

_REFUSED = (MalformedRequest, InvalidInput, service.ReceiverRefused)
State = Annotated[DeliveryState | None, Query(description="Only those in this state.")]


@router.post("", status_code=201, responses=problems(*_REFUSED, service.TooManySubscriptions))
async def create_subscription(
    wanted: NewSubscription, runtime: CurrentRuntime, account_id: CurrentAccount
) -> SubscriptionWithSecret:
    """Have events sent to an address from now on. The answer holds the secret that they are signed with, this once."""
    settings = runtime.settings.webhooks
    await service.check_receiver(wanted.url, settings)
    async with runtime.database.write() as session:
        row = await service.create_subscription(
            session, account_id, wanted.url, wanted.events, wanted.label, most=settings.max_subscriptions
        )
    return subscription_with_secret(row)


@router.get("", responses=problems())
async def list_subscriptions(
    runtime: CurrentRuntime, account_id: CurrentAccount, place: ByCreation, limit: Limit = DEFAULT_LIMIT
) -> Page[Subscription]:
    """The subscriptions of this account."""
    async with runtime.database.read() as session:
        rows, more = cut(await repository.list_subscriptions(session, account_id, limit + 1, place), limit)
    items = [subscription_from_row(row) for row in rows]
    return Page(items=items, next_cursor=next_cursor(place, rows[-1].id) if more else None)


@router.get("/{subscription_id}", responses=problems(NotFound))
async def get_subscription(subscription_id: UUID, runtime: CurrentRuntime, account_id: CurrentAccount) -> Subscription:
    """One subscription."""
    async with runtime.database.read() as session:
        return subscription_from_row(await repository.get_subscription(session, account_id, subscription_id))


@router.patch("/{subscription_id}", responses=problems(NotFound, PreconditionFailed, *_REFUSED))
async def change_subscription(
    subscription_id: UUID, change: SubscriptionChange, runtime: CurrentRuntime, account_id: CurrentAccount, seen: IfMatch
) -> Subscription:
    """Change the address, the events or the label. What is under way goes to the address before."""
    async with runtime.database.look() as session:
        await repository.get_subscription(session, account_id, subscription_id)
    if change.url is not None:
        await service.check_receiver(change.url, runtime.settings.webhooks)
    async with runtime.database.write() as session:
        row = await repository.get_subscription(session, account_id, subscription_id, to_change=True)
        seen.require(subscription_from_row(row))
        service.change_subscription(row, change.wanted)
    return subscription_from_row(row)


@router.delete("/{subscription_id}", status_code=204, responses=problems(NotFound, PreconditionFailed))
async def remove_subscription(
    subscription_id: UUID, runtime: CurrentRuntime, account_id: CurrentAccount, seen: IfMatch
) -> None:  # fmt: skip
    """Send nothing there any more, and forget what was sent."""
    async with runtime.database.write() as session:
        seen.require(
            subscription_from_row(await repository.get_subscription(session, account_id, subscription_id, to_change=True))
        )
        await service.remove(session, account_id, subscription_id)


@router.post("/{subscription_id}/rotate", responses=problems(NotFound, MalformedRequest))
async def rotate_secret(
    subscription_id: UUID, runtime: CurrentRuntime, account_id: CurrentAccount, rotation: Rotation | None = None
) -> SubscriptionWithSecret:
    """Make another secret. For a day, or as long as is said, the one before signs as well: there are two signatures then."""
    overlap = (rotation or Rotation()).overlap
    async with runtime.database.write() as session:
        return subscription_with_secret(await service.rotate_secret(session, account_id, subscription_id, overlap))


@router.post("/{subscription_id}/test", status_code=202, responses=problems(NotFound, service.SubscriptionPaused))
async def test_subscription(subscription_id: UUID, runtime: CurrentRuntime, account_id: CurrentAccount) -> Delivery:
    """Send a `subscription.test`, once. What came of it is told by the delivery, a moment later."""
    async with runtime.database.write() as session:
        return delivery_from_row(await service.send_test(session, account_id, subscription_id))


@router.post("/{subscription_id}/pause", responses=problems(NotFound))
async def pause_subscription(subscription_id: UUID, runtime: CurrentRuntime, account_id: CurrentAccount) -> Subscription:
    """Send nothing until it is resumed. What happens meanwhile is held, for a month."""
    async with runtime.database.write() as session:
        return subscription_from_row(await service.pause(session, account_id, subscription_id))


@router.post("/{subscription_id}/resume", responses=problems(NotFound))
async def resume_subscription(subscription_id: UUID, runtime: CurrentRuntime, account_id: CurrentAccount) -> Subscription:
    """Send again, whatever it was paused for; at first what was held."""
    async with runtime.database.write() as session:
        return subscription_from_row(await service.resume(session, account_id, subscription_id))


@router.post("/{subscription_id}/replay", status_code=202, responses=problems(NotFound, MalformedRequest))
async def replay_failed_deliveries(
    subscription_id: UUID, wanted: ReplaySince, runtime: CurrentRuntime, account_id: CurrentAccount
) -> Replayed:
    """Send all again that failed for good since a moment, with the same `webhook-id` each."""
    async with runtime.database.write() as session:
        found = await service.replay_failed(session, account_id, subscription_id, wanted.since)
    return Replayed(deliveries=found)


@router.get("/{subscription_id}/deliveries", responses=problems(NotFound))
async def list_deliveries(
    subscription_id: UUID,
    runtime: CurrentRuntime,
    account_id: CurrentAccount,
    place: ByCreation,
    state: State = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Page[Delivery]:
    """What was, is and will be sent there, with every try. Deliveries are kept for a month."""
    async with runtime.database.read() as session:
        await repository.get_subscription(session, account_id, subscription_id)
        found = await repository.list_deliveries(session, account_id, subscription_id, limit + 1, place, state)
    rows, more = cut(found, limit)
    return Page(items=[delivery_from_row(row) for row in rows], next_cursor=next_cursor(place, rows[-1].id) if more else None)


@router.get("/{subscription_id}/deliveries/{delivery_id}", responses=problems(NotFound))
async def get_delivery(
    subscription_id: UUID, delivery_id: UUID, runtime: CurrentRuntime, account_id: CurrentAccount
) -> Delivery:  # fmt: skip
    """One delivery."""
    async with runtime.database.read() as session:
        return delivery_from_row(await repository.get_delivery(session, account_id, subscription_id, delivery_id))


@router.post("/{subscription_id}/deliveries/{delivery_id}/replay", status_code=202, responses=problems(NotFound))
async def replay_delivery(
    subscription_id: UUID, delivery_id: UUID, runtime: CurrentRuntime, account_id: CurrentAccount
) -> Delivery:  # fmt: skip
    """Send one again, even one that has succeeded, with the same `webhook-id`."""
    async with runtime.database.write() as session:
        return delivery_from_row(await service.replay_one(session, account_id, subscription_id, delivery_id))
