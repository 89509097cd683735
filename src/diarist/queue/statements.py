"""The statements that every task needs, built once: to put SQL together anew takes as long as to run it."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Uuid, bindparam, column, func, select, table, update
from sqlalchemy.dialects import postgresql, sqlite

from diarist.database.clock import database_now
from diarist.domain.job import OPEN_TASK_STATES, TaskState
from diarist.queue.limits import account_limit, full_accounts
from diarist.queue.models import TASKS
from diarist.queue.turns import IS_READY, next_turn

JOBS = table("jobs", column("id", Uuid()), column("state"))
"""Jobs belong to a feature above this layer; here they are only locked, and asked whether anybody has begun."""

CLAIMED = (
    TASKS.c.id, TASKS.c.account_id, TASKS.c.job_id, TASKS.c.stage, TASKS.c.payload, TASKS.c.priority, TASKS.c.attempts,
    TASKS.c.traceparent, TASKS.c.cpu_seconds, TASKS.c.gpu_seconds,
)  # fmt: skip
"""What a claim says of its task first."""

_of = {name: bindparam(f"of_{name}", type_=TASKS.c[name].type) for name in ("account_id", "job_id", "queue", "priority", "turn")}


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
def take_best(default_limit: int) -> Any:
    """Lease the best ready task of `of_queue`, unless an account is full; gives `CLAIMED`, the state of its job, its limit.

    `default_limit`: of accounts that have none of their own, 0 for none.
    """
    return _lease(_ready(TASKS.alias()).where(~full_accounts(_of["queue"], default_limit).exists()), default_limit)


@cache
def full(default_limit: int) -> Any:
    """The accounts that have as much running in `of_queue` as they may."""
    return full_accounts(_of["queue"], default_limit)


@cache
def head_of_others() -> Any:
    """Account, priority and turn of the best ready task of `of_queue` that is of none of the accounts `full`.

    However much these have, it is not looked at: the first task of each account that has any is found by the index.
    """
    accounts, head, task = _waiting_accounts(), TASKS.alias(), TASKS.alias()
    first = (
        select(task.c.id)
        .where(task.c.account_id == accounts.c.account_id, task.c.queue == _of["queue"], task.c.state == IS_READY)
        .order_by(task.c.priority, task.c.turn)  # without the id, as the index has it that begins with the account
        .limit(1)
        .correlate(accounts)
        .scalar_subquery()
    )
    return (
        select(head.c.account_id, head.c.priority, head.c.turn)
        .join_from(accounts, head, head.c.id == first)
        .where(head.c.account_id.not_in(bindparam("full", expanding=True)))
        .order_by(head.c.priority, head.c.turn, head.c.id)
        .limit(1)
    )


@cache
def take_from(default_limit: int) -> Any:
    """Lease the best ready task of one account: the one at `of_priority` and `of_turn`, or if that is taken one behind it."""
    task = TASKS.alias()
    # Where to begin is said, as all before it in the queue may be of accounts that are full.
    there = (task.c.priority == _of["priority"], task.c.turn >= _of["turn"])
    return _lease(_ready(task).where(task.c.account_id == _of["account_id"], *there), default_limit)


@cache
def renew() -> Any:
    """Say that the holder lives, and how far it is; gives the id while it holds the task."""
    return held().values(lease_until=_leased(), done_seconds=bindparam("done"), **_used())


@cache
def fence() -> Any:
    """Lock `of_job_id`, and keep everybody else off until the transaction ends; gives the id while the holder holds the task."""
    # Whoever writes in the middle has come further than its last crash.
    return _held_and_locked().values(lease_until=_leased(), crashes=0)


@cache
def succeed() -> Any:
    """Lock `of_job_id` and settle the task as done; gives the id while the holder holds it."""
    return _held_and_locked().values(
        state=TaskState.SUCCEEDED, token=None, lease_until=None, finished_at=database_now(), done_seconds=bindparam("done"),
        done_in=bindparam("done_in"), crashes=0, error_code=None, error_message=None, **_used(),
    )  # fmt: skip


@cache
def put_back() -> Any:
    """Make a task ready in the turn it had, as if it had not been claimed; gives its queue while the holder holds it."""
    mine = (TASKS.c.id == bindparam("of_id"), TASKS.c.token == bindparam("of_token"))
    became = {
        "state": TaskState.QUEUED, "token": None, "lease_until": None, "attempts": TASKS.c.attempts - 1,
        "earlier_seconds": held_for(), "run_after": database_now(), **_used(),
    }  # fmt: skip
    return update(TASKS).where(*mine, TASKS.c.state == TaskState.RUNNING).values(**became).returning(TASKS.c.queue)


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
        .values(**becoming_ready(), traceparent=func.coalesce(bindparam("by"), TASKS.c.traceparent))
        .returning(TASKS.c.queue)
    )


def becoming_ready() -> dict[str, Any]:
    """What changes in a task that could not be claimed before and now can."""
    turn = next_turn(TASKS.c.account_id, TASKS.c.queue, TASKS.c.priority)
    return {"state": TaskState.QUEUED, "run_after": database_now(), "turn": turn}


def held_for(until: ColumnElement[float] | None = None) -> ColumnElement[float]:
    """How long tries have held a task whose last one ends now, or ended at `until`."""
    end = database_now() if until is None else until
    return TASKS.c.earlier_seconds + end - func.coalesce(TASKS.c.started_at, end)


def held() -> Any:
    """The beginning of a change that only the holder of a task can make: `of_id` and `of_token` are parameters."""
    # Only running tasks have a token. Asked for the state as well, PostgreSQL may go by its index, through all that ran before.
    mine = (TASKS.c.id == bindparam("of_id"), TASKS.c.token == bindparam("of_token"))
    return update(TASKS).where(*mine).returning(TASKS.c.id)


def _held_and_locked() -> Any:
    """The same, once `of_job_id` is locked, in one round trip: what is said first is done before the task is looked for."""
    job = lock_job().cte("locked_job")
    return held().where(select(job.c.id).exists())


def _leased() -> ColumnElement[float]:
    return database_now() + bindparam("lease", type_=TASKS.c.lease_until.type)


def _used() -> dict[str, Any]:
    """What all tries have taken so far is said whole, so that saying it twice counts it once."""
    return {"cpu_seconds": bindparam("cpu"), "gpu_seconds": bindparam("gpu")}


def _ready(task: Any) -> Any:
    """The best ready task of `of_queue`."""
    best = select(task.c.id).where(task.c.queue == _of["queue"], task.c.state == IS_READY)
    return best.order_by(task.c.priority, task.c.turn, task.c.id).limit(1)


def _waiting_accounts() -> Any:
    """The accounts that have anything ready, by leaps through the index; the last is NULL."""
    task, later = TASKS.alias(), TASKS.alias()
    first = select(task.c.account_id).where(task.c.state == IS_READY).order_by(task.c.account_id, task.c.queue).limit(1)
    accounts = select(first.scalar_subquery().label("account_id")).cte("waiting_accounts", recursive=True)
    following = (
        select(later.c.account_id)
        .where(later.c.state == IS_READY, later.c.account_id > accounts.c.account_id)
        .order_by(later.c.account_id, later.c.queue)
        .limit(1)
        .correlate(accounts)
        .scalar_subquery()
    )
    return accounts.union_all(select(following).where(accounts.c.account_id.is_not(None)))


def _lease(ready: Any, default_limit: int) -> Any:
    job_state = select(JOBS.c.state).where(JOBS.c.id == TASKS.c.job_id).scalar_subquery()
    return (
        update(TASKS)
        .where(TASKS.c.id == ready.with_for_update(skip_locked=True).scalar_subquery())
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
