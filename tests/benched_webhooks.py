"""A Runtime with a courier, and a receiver that it may send to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.accounts.service import account_id as find_account
from diarist.domain.events import Event, EventKind
from diarist.notifications import service
from diarist.notifications.courier import Courier
from diarist.notifications.models import DeliveryRow, SubscriptionRow
from diarist.runtime import Runtime
from diarist.settings import Settings
from diarist.wiring import open_runtime
from webhook_receiver import Receiver

PATIENCE = 20.0


@dataclass(frozen=True, slots=True)
class Bench:
    """What tests of webhooks need; the account is `local`."""

    runtime: Runtime
    courier: Courier
    receiver: Receiver
    account_id: UUID
    rung: list[str]

    async def subscribe(self, *events: str, url: str | None = None) -> SubscriptionRow:
        async with self.runtime.database.write() as session:
            return await service.create_subscription(
                session, self.account_id, url or self.receiver.url, events, "", most=20
            )  # fmt: skip

    async def happens(self, kind: EventKind = EventKind.ENTRY_CREATED, **about: Any) -> None:
        async with self.runtime.database.write() as session:
            self.append(session, kind, **about)

    def append(self, session: AsyncSession, kind: EventKind, **about: Any) -> None:
        self.runtime.event_log.append(session, Event(**{"kind": kind, "account_id": self.account_id, **about}))

    async def change_subscription(self, subscription_id: UUID, **values: Any) -> None:
        async with self.runtime.database.write() as session:
            await session.execute(update(SubscriptionRow).where(SubscriptionRow.id == subscription_id).values(**values))

    async def sent(self) -> None:
        """Send all that is due."""
        await self.courier.drain(PATIENCE)

    async def later(self, seconds: float) -> None:
        """Let time pass for what waits."""
        async with self.runtime.database.write() as session:
            await session.execute(update(DeliveryRow).values(next_at=DeliveryRow.next_at - seconds))

    async def deliveries(self) -> Sequence[DeliveryRow]:
        async with self.runtime.database.read() as session:
            return (await session.scalars(select(DeliveryRow).order_by(DeliveryRow.id))).all()

    async def subscription(self, subscription_id: UUID) -> SubscriptionRow:
        async with self.runtime.database.read() as session:
            return (await session.scalars(select(SubscriptionRow).where(SubscriptionRow.id == subscription_id))).one()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for what goes on beside the test."""
        async with asyncio.timeout(PATIENCE):
            while not condition():
                await asyncio.sleep(0.01)


@asynccontextmanager
async def benched(settings: Settings, receiver: Receiver) -> AsyncIterator[Bench]:
    """Two retries, of 5 seconds and of 5 minutes; nobody sends until a test says so."""
    bus = settings.events.model_copy(update={"url": f"memory:{uuid4()}"})
    known = settings.model_copy(update={"webhooks": receiver.settings(retries=[5, 300]), "events": bus})
    rung: list[str] = []
    async with open_runtime(known, rung.append) as runtime:
        async with runtime.database.read() as session:
            account = await find_account(session)
        yield Bench(runtime, Courier(runtime), receiver, account, rung)
