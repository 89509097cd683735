"""The statements that every task needs, built once: to put SQL together anew takes as long as to run it."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Table, Uuid, bindparam, column, select, table, update
from sqlalchemy.dialects import postgresql, sqlite

from diarist.database.clock import database_now
from diarist.domain.job import OPEN_TASK_STATES, TaskState
from diarist.queue.limits import account_limit, full_accounts
from diarist.queue.models import TaskRow
from diarist.queue.turns import IS_READY, next_turn

TASKS: Table = TaskRow.__table__  # type: ignore[assignment]  # the declaration says FromClause, it is a Table
JOBS = table("jobs", column("id", Uuid()), column("state"))
"""Jobs belong to a feature above this layer; here they are only locked, and asked whether anybody has begun."""

CLAIMED = (TASKS.c.id, TASKS.c.account_id, TASKS.c.job_id, TASKS.c.stage, TASKS.c.payload, TASKS.c.priority, TASKS.c.attempts)
"""What a claim says of its task first."""

_of = {name: bindparam(f"of_{name}", type_=TASKS.c[name].type) for name in ("account_id", "job_id", "queue", "priority")}


@cache
def put_down(dialect: str, *, ready: bool, waiting: bool) -> Any:
    """Insert a task unless its key is there; gives its id. Its columns are parameters, and those of `of`, and `delay`."""
    # Two classes of the same shape; the common class of SQLAlchemy does not have the clause.
    insert: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return (
        insert(TASKS)
        .values(
            turn=next_turn(_of["account_id"], _of["queue"], _of["priority"]) if ready else 0,
            run_after=None if waiting else database_now() + bindparam("delay", type_=TASKS.c.run_after.type),
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(TASKS.c.id)
    )


@cache
def take_best(default_limit: int, *, passing_over: bool) -> Any:
    """Lease the best ready task of `of_queue`; gives `CLAIMED`, the state of its job and the limit of its account.

    `default_limit`: of accounts that have none of their own, 0 for none; `passing_over`: leaves out the accounts `full`.
    """
    ready = (
        select(TASKS.c.id)
        .where(TASKS.c.queue == _of["queue"], TASKS.c.state == IS_READY)
        .where(TASKS.c.account_id.not_in(full_accounts(_of["queue"], default_limit)))
        .order_by(TASKS.c.priority, TASKS.c.turn, TASKS.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if passing_over:
        ready = ready.where(TASKS.c.account_id.not_in(bindparam("full", expanding=True)))
    job_state = select(JOBS.c.state).where(JOBS.c.id == TASKS.c.job_id).scalar_subquery()
    return (
        update(TASKS)
        .where(TASKS.c.id == ready.scalar_subquery())
        .values(
            state=TaskState.RUNNING,
            token=bindparam("new_token", type_=TASKS.c.token.type),
            lease_until=_leased(),
            attempts=TASKS.c.attempts + 1,
            started_at=database_now(),
            done_seconds=0.0,
        )
        .returning(*CLAIMED, job_state, account_limit(default_limit))
    )


@cache
def renew() -> Any:
    """Say that the holder lives, and how far it is; gives the id while it holds the task."""
    return held().values(lease_until=_leased(), done_seconds=bindparam("done"))


@cache
def fence() -> Any:
    """Keep everybody else off until the transaction ends; gives the id while the holder holds the task."""
    # Whoever writes in the middle has come further than its last crash.
    return held().values(lease_until=_leased(), crashes=0)


@cache
def succeed() -> Any:
    """Settle as done; gives the id while the holder holds the task."""
    return held().values(
        state=TaskState.SUCCEEDED, token=None, lease_until=None, finished_at=database_now(), done_seconds=bindparam("done"),
        crashes=0, error_code=None, error_message=None,
    )  # fmt: skip


@cache
def lock_job() -> Any:
    """Lock `of_job_id` until the transaction ends."""
    return select(JOBS.c.id).where(JOBS.c.id == _of["job_id"]).with_for_update()


@cache
def open_joining() -> Any:
    """Make the task of the stage `joining` ready if the stage `cutter` has succeeded and all of `parts` are settled."""

    def there_is(stage: str, *states: TaskState) -> ColumnElement[bool]:
        one = TASKS.alias()
        return select(1).where(one.c.job_id == _of["job_id"], one.c.stage == bindparam(stage), one.c.state.in_(states)).exists()

    return (
        update(TASKS)
        .where(
            TASKS.c.job_id == _of["job_id"],
            TASKS.c.stage == bindparam("joining"),
            TASKS.c.state == TaskState.WAITING,
            TASKS.c.run_after.is_(None),
            there_is("cutter", TaskState.SUCCEEDED),
            ~there_is("parts", *OPEN_TASK_STATES),
        )
        .values(
            state=TaskState.QUEUED,
            run_after=database_now(),
            turn=next_turn(TASKS.c.account_id, TASKS.c.queue, TASKS.c.priority),
        )
        .returning(TASKS.c.queue)
    )


def held() -> Any:
    """The beginning of a change that only the holder of a task can make: `of_id` and `of_token` are parameters."""
    mine = (TASKS.c.id == bindparam("of_id"), TASKS.c.token == bindparam("of_token"), TASKS.c.state == TaskState.RUNNING)
    return update(TASKS).where(*mine).returning(TASKS.c.id)


def _leased() -> ColumnElement[float]:
    return database_now() + bindparam("lease", type_=TASKS.c.lease_until.type)
