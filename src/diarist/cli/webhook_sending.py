"""Sends webhooks from the command line: by itself, so that nobody else has to be at work; others may be as well."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from diarist.accounts.service import account_id
from diarist.cli.finding import AmbiguousId, end_of_id
from diarist.cli.opening import opened
from diarist.errors import InvalidInput, NotFound
from diarist.notifications import repository, service
from diarist.notifications.courier import Courier
from diarist.notifications.models import DeliveryRow, DeliveryState
from diarist.settings import Settings

_PAUSE = 0.05
"""Seconds between looks."""


async def meant(session: AsyncSession, owner: UUID, typed: str) -> UUID:
    """The subscription with this id, this end of it, or this address; raises `NotFound` and `AmbiguousId`."""
    rows, digits = await repository.list_subscriptions(session, owner, 10_000), end_of_id(typed)
    match [row.id for row in rows if row.url == typed or (digits and row.id.hex.endswith(digits))]:
        case []:
            raise NotFound(f"there is no subscription {typed}", advice="`diarist webhooks list` shows what there is.")
        case [only]:
            return only
        case several:
            raise AmbiguousId(f"{typed} fits {len(several)} subscriptions", advice=f"Give one of {', '.join(map(str, several))}.")


async def deliveries_of(
    settings: Settings, account: str, subscription: str, limit: int, *, failed: bool
) -> Sequence[DeliveryRow]:  # fmt: skip
    """The newest, of those that have failed for good if only these are wanted."""
    state = DeliveryState.FAILED if failed else None
    async with opened(settings) as here, here.runtime.database.read() as session:
        owner = await account_id(session, account)
        return await repository.list_deliveries(session, owner, await meant(session, owner, subscription), limit, state=state)


async def test_sent(settings: Settings, account: str, subscription: str) -> DeliveryRow:
    """A test event, once it has been sent; raises `NotFound` and `SubscriptionPaused`."""
    async with opened(settings) as here:
        runtime = here.runtime
        async with runtime.database.write() as session:
            owner = await account_id(session, account)
            row = await service.send_test(session, owner, await meant(session, owner, subscription))
        # Twice as long as it may take, for it may be in the hands of somebody who has died.
        deadline = time.monotonic() + 2 * settings.webhooks.timeout
        async with Courier.open(runtime, last=0.0):
            while row.state is DeliveryState.WAITING and time.monotonic() < deadline:
                await asyncio.sleep(_PAUSE)
                async with runtime.database.look() as session:
                    row = await repository.get_delivery(session, owner, row.subscription_id, row.id)
        return row


async def sent_again(settings: Settings, account: str, subscription: str, ids: Sequence[str], since: datetime | None) -> int:
    """How many are sent again: those with these ids, and all that failed for good since a moment; raises `NotFound`."""
    deliveries = [_id(typed) for typed in ids]
    async with opened(settings) as here:
        async with here.runtime.database.write() as session:
            owner = await account_id(session, account)
            found = await meant(session, owner, subscription)
            for one in deliveries:
                await service.replay_one(session, owner, found, one)
            number = await service.replay_failed(session, owner, found, since) if since else len(deliveries)
        async with Courier.open(here.runtime, last=settings.webhooks.timeout):
            pass
        return number


def _id(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError as error:
        raise InvalidInput(
            f"{typed!r} is not the id of a delivery", advice="`diarist webhooks deliveries` shows them."
        ) from error
