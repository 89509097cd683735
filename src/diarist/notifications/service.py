"""Rules of subscriptions: made, changed, paused, tested, and their deliveries sent again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from diarist.database.base import new_id, utc_now
from diarist.errors import AddressRefused, Conflict, InvalidInput, SourceTooSlow, SourceUnreachable
from diarist.notifications import repository
from diarist.notifications.kinds import KINDS, TEST
from diarist.notifications.models import DeliveryRow, DeliveryState, PauseReason, SubscriptionRow
from diarist.notifications.signing import new_secret
from diarist.recordings.fetching.resolving import Resolver, ask_the_system, resolve
from diarist.recordings.fetching.targets import check
from diarist.settings.webhooks import WebhookSettings
from diarist.telemetry.tracing import current_traceparent

LONGEST_LABEL = 80
LONGEST_URL = 2000


class ReceiverRefused(InvalidInput):
    """This address may not be sent to."""

    code = "receiver_refused"
    advice = (
        "Give a public https address; DIARIST_WEBHOOKS__PRIVATE_NETWORKS, __PORTS and __ALLOW_HTTP open more, if you run this."
    )


class TooManySubscriptions(Conflict):
    """The account has as many subscriptions as it may."""

    code = "too_many_subscriptions"
    advice = "Remove one that is not needed any more; DIARIST_WEBHOOKS__MAX_SUBSCRIPTIONS is the limit."


class SubscriptionPaused(Conflict):
    """Nothing is sent to the subscription, for it is paused."""

    code = "subscription_paused"
    advice = "Resume it first; what was held is sent then."


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be different; what is None stays as it is."""

    url: str | None = None
    events: Collection[str] | None = None
    label: str | None = None


async def check_receiver(url: str, settings: WebhookSettings, resolver: Resolver = ask_the_system) -> None:
    """Raise `ReceiverRefused` if nothing may be sent to an address; one that cannot be found now may be there later.

    Asked once more before each webhook is sent. Takes as long as the network does: no transaction is open meanwhile.
    """
    try:
        await resolve(check(url, settings), settings, resolver)
    except AddressRefused as error:
        raise ReceiverRefused(error.message) from error
    except (SourceUnreachable, SourceTooSlow):
        return


async def create_subscription(
    session: AsyncSession, account_id: UUID, url: str, events: Collection[str], label: str, *, most: int
) -> SubscriptionRow:
    """Subscribe an address that was checked; its row has the secret. Raises `TooManySubscriptions` and `InvalidInput`.

    `most`: subscriptions that an account may have. `events`: of `KINDS`; empty for all of them, later ones too.
    """
    if await repository.number_of_subscriptions(session, account_id) >= most:
        raise TooManySubscriptions
    row = SubscriptionRow(
        id=new_id(), account_id=account_id, url=url, label=_label(label), events=_events(events), secret=new_secret()
    )
    session.add(row)
    await session.flush()
    return row


def change_subscription(row: SubscriptionRow, wanted: Wanted) -> None:
    """Change an address that was checked, what is sent there, or what it is called; raises `InvalidInput`. The row is locked."""
    if wanted.url is not None and wanted.url != row.url:
        row.url, row.failing_since = wanted.url, None
    if wanted.events is not None:
        row.events = _events(wanted.events)
    if wanted.label is not None:
        row.label = _label(wanted.label)


async def rotate_secret(session: AsyncSession, account_id: UUID, subscription_id: UUID, overlap: timedelta) -> SubscriptionRow:
    """Give a subscription another secret; for as long as `overlap` the one before signs as well. Raises `NotFound`."""
    row = await repository.get_subscription(session, account_id, subscription_id, to_change=True)
    row.previous_secret, row.secret = (row.secret if overlap else None), new_secret()
    row.previous_until = utc_now() + overlap if overlap else None
    return row


async def pause(session: AsyncSession, account_id: UUID, subscription_id: UUID) -> SubscriptionRow:
    """Send nothing from now on, and hold what happens meanwhile; raises `NotFound`. One that is paused stays as it is."""
    row = await repository.get_subscription(session, account_id, subscription_id, to_change=True)
    if row.paused_at is None:
        row.paused_at, row.pause_reason = utc_now(), PauseReason.ASKED
        await repository.hold(session, row.id)
    return row


async def resume(session: AsyncSession, account_id: UUID, subscription_id: UUID) -> SubscriptionRow:
    """Send again, at first what was held; raises `NotFound`. One that is not paused stays as it is."""
    row = await repository.get_subscription(session, account_id, subscription_id, to_change=True)
    if row.paused_at is not None:
        row.paused_at = row.pause_reason = row.failing_since = None
        await repository.release(session, row.id)
    return row


async def remove(session: AsyncSession, account_id: UUID, subscription_id: UUID) -> SubscriptionRow:
    """Take a subscription away, with its deliveries; raises `NotFound`."""
    row = await repository.get_subscription(session, account_id, subscription_id)
    await session.delete(row)
    return row


async def send_test(session: AsyncSession, account_id: UUID, subscription_id: UUID) -> DeliveryRow:
    """Put a test event down, for one try; raises `NotFound` and `SubscriptionPaused`."""
    subscription = await repository.get_subscription(session, account_id, subscription_id, to_change=True)
    if subscription.paused_at is not None:
        raise SubscriptionPaused
    now = utc_now()
    row = DeliveryRow(
        id=new_id(), account_id=account_id, subscription_id=subscription_id, event_id=new_id(), kind=TEST,
        job_id=None, recording_id=None, data={"subscription_id": str(subscription_id)}, at=now,
        traceparent=current_traceparent(), state=DeliveryState.WAITING, next_at=now.timestamp(), token=None, tried=0, tries=[],
    )  # fmt: skip
    session.add(row)
    await session.flush()
    return row


async def replay_one(session: AsyncSession, account_id: UUID, subscription_id: UUID, delivery_id: UUID) -> DeliveryRow:
    """Send a delivery again, whether or not it has succeeded, with the same `webhook-id`; raises `NotFound`.

    That of a paused subscription is held. One that is under way is left alone.
    """
    subscription = await repository.get_subscription(session, account_id, subscription_id, to_change=True)
    await repository.get_delivery(session, account_id, subscription_id, delivery_id)
    await repository.again(session, subscription, DeliveryRow.id == delivery_id)
    session.expire_all()
    return await repository.get_delivery(session, account_id, subscription_id, delivery_id)


async def replay_failed(session: AsyncSession, account_id: UUID, subscription_id: UUID, since: datetime) -> int:
    """Send all again that failed for good and happened since a moment; returns how many. Raises `NotFound`."""
    subscription = await repository.get_subscription(session, account_id, subscription_id, to_change=True)
    failed = (DeliveryRow.state == DeliveryState.FAILED, DeliveryRow.at >= since, DeliveryRow.kind != TEST)
    return await repository.again(session, subscription, *failed)


def _events(events: Collection[str]) -> list[str]:
    unknown = sorted(set(events).difference(KINDS))
    if unknown:
        raise InvalidInput(f"there are no events {', '.join(unknown)}", advice=f"Give some of {', '.join(KINDS)}.")
    return [kind for kind in KINDS if kind in events]


def _label(label: str) -> str:
    text = label.strip()
    if len(text) > LONGEST_LABEL or not text.isprintable():
        raise InvalidInput("this cannot be a label", advice=f"Give at most {LONGEST_LABEL} characters on one line.")
    return text
