"""Writes down to whom an event goes, in the transaction that causes it: what is committed is sent, whatever dies afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.database.base import new_id
from diarist.database.session import after_commit
from diarist.events.log import Addressing, Happened
from diarist.notifications.models import DeliveryRow, DeliveryState, SubscriptionRow
from diarist.queue.ledger import Ring
from diarist.telemetry.tracing import current_traceparent

QUEUE = "delivery"
"""Whose bell says that there is something to send."""


def addressing(ring: Ring | None) -> Addressing:
    """For the log of events; `ring` tells those who send, if they can be told from here."""
    return partial(_address, ring=ring)


async def _address(session: AsyncSession, happened: Sequence[Happened], *, ring: Ring | None) -> None:
    accounts = list({one.event.account_id for one in happened})
    subscriptions = (await session.execute(_subscriptions(), {"accounts": accounts})).all()
    deliveries, trace = [], current_traceparent()
    for one in happened if subscriptions else ():
        event, event_id = one.event, new_id()
        deliveries += [
            DeliveryRow(
                account_id=event.account_id, subscription_id=found.id, event_id=event_id, kind=event.kind.value,
                job_id=event.job_id, recording_id=event.recording_id, data=dict(event.data), at=one.at, traceparent=trace,
                state=DeliveryState.WAITING, next_at=None if found.paused_at else one.at.timestamp(), tried=0, tries=[],
            )
            for found in subscriptions
            if found.account_id == event.account_id and (not found.events or event.kind.value in found.events)
        ]  # fmt: skip
    session.add_all(deliveries)
    if ring is not None and any(row.next_at is not None for row in deliveries):
        after_commit(session, partial(ring, QUEUE))


@cache
def _subscriptions() -> Any:
    """Locked against being deleted before deliveries to them are written, which would fail then, and all else with them."""
    row = SubscriptionRow
    return (
        select(row.id, row.account_id, row.events, row.paused_at)
        .where(row.account_id.in_(bindparam("accounts", expanding=True)))
        .with_for_update(read=True, key_share=True)
    )
