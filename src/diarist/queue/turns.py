"""Whose turn it is: accounts that have work share a queue evenly, whoever has more of it.

A task stands one turn behind the last one its account has ready in the queue, but never behind what the queue has come to. So
ten thousand recordings of one account lie ten thousand turns deep, and the first of another goes next. This is start-time fair
queueing (Goyal, Vin and Cheng 1996) with every task of the same size.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, func, literal, literal_column, select, union_all
from sqlalchemy.orm import aliased

from diarist.domain.job import TaskState
from diarist.queue.models import TaskRow

IS_READY: ColumnElement[Any] = literal_column(f"'{TaskState.QUEUED.value}'")
IS_WAITING: ColumnElement[Any] = literal_column(f"'{TaskState.WAITING.value}'")
"""States as they stand in the definition of the partial indexes: SQLite uses those for the very same text only."""


def next_turn(account_id: Any, queue: Any, priority: Any) -> ColumnElement[int]:
    """The turn of a task that becomes ready now; the arguments are values, or columns of the row that is written."""
    started, ready = aliased(TaskRow), aliased(TaskRow)
    reached = (
        select(started.turn)
        .where(started.queue == queue, started.priority == priority, started.started_at.is_not(None))
        .order_by(started.started_at.desc())
        .limit(1)
        .correlate(TaskRow)
        .scalar_subquery()
    )
    behind = (
        select(func.max(ready.turn) + 1)
        .where(ready.account_id == account_id, ready.queue == queue, ready.priority == priority, ready.state == IS_READY)
        .correlate(TaskRow)
        .scalar_subquery()
    )
    turns = union_all(
        *(select(turn.label("turn")) for turn in (literal(0), func.coalesce(reached, 0), func.coalesce(behind, 0)))
    ).subquery()
    return select(func.max(turns.c.turn)).scalar_subquery()
