"""Reads what notices are made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.llm.models import ReceiptRow
from diarist.notices.notice import Question
from diarist.notifications.models import PauseReason, SubscriptionRow

_MOST = 200
"""Receipts; of a busy account those of some minutes, which tell enough."""


async def questions_since(session: AsyncSession, account_id: UUID, since: datetime) -> Sequence[Question]:
    """The newest questions to language models whose answer was not there from before, the oldest first."""
    newest = (
        select(ReceiptRow)
        .where(ReceiptRow.account_id == account_id, ReceiptRow.created_at >= since, ReceiptRow.cached.is_(False))
        .order_by(ReceiptRow.id.desc())
        .limit(_MOST)
    )
    return [_question(row) for row in reversed((await session.scalars(newest)).all())]


async def unwillingly_paused(session: AsyncSession, account_id: UUID) -> Sequence[SubscriptionRow]:
    """Subscriptions that were paused by themselves."""
    by_itself = SubscriptionRow.pause_reason.in_((PauseReason.GONE, PauseReason.FAILING))
    return (await session.scalars(select(SubscriptionRow).where(SubscriptionRow.account_id == account_id, by_itself))).all()


def _question(row: ReceiptRow) -> Question:
    return Question(
        at=row.created_at,
        calls=[(f"{hop['provider']}/{hop['model']}", hop["outcome"]) for hop in row.hops],
        answered_by=f"{row.provider}/{row.model}" if row.provider else None,
    )
