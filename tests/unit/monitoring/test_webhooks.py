"""How webhooks stand, over all accounts."""

from __future__ import annotations

from decimal import Decimal

from diarist.database.base import new_id, utc_now
from diarist.database.clock import database_now
from diarist.database.session import Database
from diarist.monitoring.budgets import Left
from diarist.monitoring.webhooks import webhooks
from diarist.notifications.models import DeliveryRow, DeliveryState, PauseReason, SubscriptionRow
from diarist.recordings.models import RecordingRow


async def test_subscriptions_are_counted_by_why_nothing_is_sent_and_what_is_due_by_its_age(
    database: Database, recording: RecordingRow
) -> None:
    async with database.write() as session:
        for reason in (None, None, PauseReason.FAILING):
            subscription = SubscriptionRow(
                id=new_id(), account_id=recording.account_id, url="https://example.org", label="", events=[], secret="x",  # noqa: S106 - of nobody
                pause_reason=reason, paused_at=utc_now() if reason else None,
            )  # fmt: skip
            session.add(subscription)
        await session.flush()
        for state, next_at in (
            (DeliveryState.WAITING, database_now() - 90), (DeliveryState.WAITING, database_now() + 90),
            (DeliveryState.WAITING, None), (DeliveryState.SUCCEEDED, None),
        ):  # fmt: skip
            session.add(
                DeliveryRow(
                    account_id=recording.account_id, subscription_id=subscription.id, event_id=new_id(), kind="job.failed",
                    data={}, at=utc_now(), state=state, next_at=next_at, tried=0, tries=[],
                )
            )  # fmt: skip
    async with database.read() as session:
        found = await webhooks(session)
    assert found.subscriptions == {"active": 2, "asked": 0, "gone": 0, "failing": 1}
    assert 90 <= found.overdue < 150


async def test_without_any_nothing_is_overdue(database: Database) -> None:
    async with database.read() as session:
        found = await webhooks(session)
    assert (found.subscriptions["active"], found.overdue) == (0, 0.0)


def test_the_smallest_share_of_a_budget_need_not_be_the_least_money() -> None:
    left = Left()
    left.add(Decimal(100), Decimal(90))
    left.add(Decimal(4), Decimal(1))
    left.add(None, Decimal(7))
    assert (left.least, left.least_share, left.out) == (Decimal(3), Decimal("0.1"), 0)
    left.add(Decimal(0), Decimal(0))
    assert (left.least_share, left.out) == (Decimal(0), 1)
