"""How many tasks may run at once: of a queue in all, and of an account in each queue."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, column, func, select, table
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.database.exclusive import exclusive
from diarist.domain.job import TaskState
from diarist.queue.models import TASKS
from diarist.settings import QueueSettings

_accounts = table("accounts", column("id", Uuid()), column("max_running"))
"""Their rows belong to a feature above this layer; all that is read here is the limit."""


def account_limit(default: int) -> ColumnElement[Any]:
    """SQL: the limit of the account of the task at hand, or NULL; `default` is that of accounts without one, 0 for none."""
    own = select(_accounts.c.max_running).where(_accounts.c.id == TASKS.c.account_id).scalar_subquery()
    return func.coalesce(own, default or None)


def full_accounts(queue: Any, default: int) -> Select[Any]:
    """The accounts that have as much running in a queue as they may; see `account_limit` for `default`."""
    limit = func.coalesce(_accounts.c.max_running, default or None)
    return (
        select(TASKS.c.account_id)
        .join(_accounts, _accounts.c.id == TASKS.c.account_id)
        .where(TASKS.c.state == TaskState.RUNNING, TASKS.c.queue == queue)
        .group_by(TASKS.c.account_id, _accounts.c.max_running)
        .having(func.count() >= limit)
    )


async def queue_has_room(session: AsyncSession, queue: str, settings: QueueSettings) -> bool:
    """Whether one more task of a queue may run; when there is a limit, nobody else claims until the transaction ends."""
    limit = settings.limits.get(queue)
    if limit is None:
        return True
    await exclusive(session, f"claim/{queue}")
    return await _running(session, TASKS.c.queue == queue) < limit


async def account_fits(session: AsyncSession, queue: str, account_id: UUID, limit: int) -> bool:
    """Whether the account is within its limit, a task that this transaction has just claimed counted."""
    await exclusive(session, f"claim/{queue}/{account_id}")
    return await _running(session, TASKS.c.queue == queue, TASKS.c.account_id == account_id) <= limit


async def _running(session: AsyncSession, *which: ColumnElement[bool]) -> int:
    return await session.scalar(select(func.count()).where(TASKS.c.state == TaskState.RUNNING, *which)) or 0
