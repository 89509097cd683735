"""What every database must let the ledger do: the same suite runs on each."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from diarist.accounts.models import AccountRow
from diarist.database.base import new_id
from diarist.database.clock import database_now
from diarist.database.session import Database
from diarist.domain.job import JobPriority, TaskState
from diarist.errors import ChildDied, LeaseLost, StorageFull, UnsupportedAudio
from diarist.jobs.models import JobRow
from diarist.queue.ledger import Ledger, Task, backoff
from diarist.queue.models import TaskRow
from diarist.recordings.models import RecordingRow
from diarist.settings import QueueSettings

pytestmark = pytest.mark.pooled


class Bench:
    """A ledger with one job, and what it rang."""

    def __init__(self, database: Database, account_id: UUID, job_id: UUID) -> None:
        self.database, self.account_id, self.job_id = database, account_id, job_id
        self.rung: list[str] = []
        self.settings = QueueSettings(max_attempts=3, max_crashes=2)
        self.ledger = Ledger(database, self.settings, self.rung.append)

    async def put(
        self, key: str, *, queue: str = "audio", waiting: bool = False, account_id: UUID | None = None,
        priority: JobPriority = JobPriority.NORMAL, delay: float = 0.0,
    ) -> None:  # fmt: skip
        async with self.database.write() as session:
            await self.ledger.put(
                session, account_id=account_id or self.account_id, job_id=self.job_id, stage="plan", queue=queue, key=key,
                payload={"key": key}, waiting=waiting, priority=priority.rank, delay=delay,
            )  # fmt: skip

    async def another_account(self, name: str = "other", max_running: int | None = None) -> UUID:
        async with self.database.write() as session:
            row = AccountRow(name=name, max_running=max_running)
            session.add(row)
        return row.id

    def limited(self, **settings: Any) -> Ledger:
        return Ledger(self.database, QueueSettings(**settings), self.rung.append)

    async def claim_keys(self, times: int, ledger: Ledger | None = None) -> list[str]:
        """Claimed one after the other; none of them is settled."""
        tasks = [await (ledger or self.ledger).claim("audio") for _ in range(times)]
        return [task.payload["key"] for task in tasks if task is not None]

    async def settle(self, task: Task) -> None:
        async with self.ledger.fenced(task) as session:
            await self.ledger.succeed(session, task, 0.0)

    async def claimed(self, queue: str = "audio") -> Task:
        task = await self.ledger.claim(queue)
        assert task is not None
        return task

    async def row(self, key: str) -> TaskRow:
        async with self.database.read() as session:
            return (await session.scalars(select(TaskRow).where(TaskRow.key == key))).one()

    async def expire_leases(self) -> None:
        async with self.database.write() as session:
            await session.execute(update(TaskRow).values(lease_until=database_now() - 1))

    async def make_due(self) -> None:
        async with self.database.write() as session:
            await session.execute(update(TaskRow).where(TaskRow.run_after.is_not(None)).values(run_after=database_now() - 1))
            await self.ledger.open_due(session)


@pytest.fixture
async def bench(database: Database, account_id: UUID, recording: RecordingRow) -> Bench:
    job_id = new_id()
    async with database.write() as session:
        session.add(JobRow(id=job_id, account_id=account_id, recording_id=recording.id, warnings=[]))
    return Bench(database, account_id, job_id)


async def test_a_task_is_rung_for_after_its_transaction_has_committed(bench: Bench) -> None:
    async with bench.database.write() as session:
        await bench.ledger.put(
            session, account_id=bench.account_id, job_id=bench.job_id, stage="plan", queue="audio", key="a", payload={}
        )
        assert bench.rung == []
    assert bench.rung == ["audio"]


async def test_a_task_of_a_transaction_that_failed_is_neither_there_nor_rung_for(bench: Bench) -> None:
    with pytest.raises(RuntimeError, match="power cut"):
        async with bench.database.write() as session:
            await bench.ledger.put(
                session, account_id=bench.account_id, job_id=bench.job_id, stage="plan", queue="audio", key="a", payload={}
            )
            raise RuntimeError("power cut")
    assert bench.rung == []
    assert await bench.ledger.claim("audio") is None


async def test_the_same_key_twice_is_one_task(bench: Bench) -> None:
    await bench.put("a")
    await bench.put("a")
    await bench.claimed()
    assert await bench.ledger.claim("audio") is None


async def test_a_task_goes_to_exactly_one_of_many_claimers(bench: Bench) -> None:
    for key in "abc":
        await bench.put(key)
    claims = await asyncio.gather(*(bench.ledger.claim("audio") for _ in range(10)))
    keys = sorted(task.payload["key"] for task in claims if task is not None)
    assert keys == ["a", "b", "c"]


async def test_a_claim_takes_only_its_own_queue_and_no_waiting_task(bench: Bench) -> None:
    await bench.put("other", queue="llm")
    await bench.put("waiting", waiting=True)
    assert await bench.ledger.claim("audio") is None


async def test_the_holder_settles_a_task_once(bench: Bench) -> None:
    await bench.put("a")
    task = await bench.claimed()
    async with bench.ledger.fenced(task) as session:
        await bench.ledger.succeed(session, task, 12.5)
    row = await bench.row("a")
    assert (row.state, row.done_seconds, row.token) == (TaskState.SUCCEEDED, 12.5, None)
    with pytest.raises(LeaseLost):
        async with bench.ledger.fenced(task):
            pytest.fail("a settled task was written to again")


async def test_a_zombie_is_fenced_off_once_its_task_was_given_to_another(bench: Bench) -> None:
    await bench.put("a")
    zombie = await bench.claimed()
    await bench.expire_leases()
    async with bench.database.write() as session:
        assert await bench.ledger.expire(session) == []
    heir = await bench.claimed()
    with pytest.raises(LeaseLost):
        await bench.ledger.renew(zombie, 1.0)
    with pytest.raises(LeaseLost):
        async with bench.ledger.fenced(zombie):
            pytest.fail("the zombie was let in")
    async with bench.ledger.fenced(heir) as session:
        await bench.ledger.succeed(session, heir, 0.0)


async def test_a_renewed_lease_is_not_taken_away(bench: Bench) -> None:
    await bench.put("a")
    task = await bench.claimed()
    await bench.expire_leases()
    await bench.ledger.renew(task, 3.0)
    async with bench.database.write() as session:
        await bench.ledger.expire(session)
    row = await bench.row("a")
    assert (row.state, row.done_seconds) == (TaskState.RUNNING, 3.0)


async def test_a_passing_error_puts_the_task_back_for_later(bench: Bench) -> None:
    await bench.put("a")
    task = await bench.claimed()
    async with bench.database.write() as session:
        assert await bench.ledger.fail(session, task, ChildDied("killed")) is False
    row = await bench.row("a")
    assert (row.state, row.error_code, row.attempts) == (TaskState.WAITING, "child_died", 1)
    async with bench.database.write() as session:
        await bench.ledger.open_due(session)
    assert await bench.ledger.claim("audio") is None, "it was ready before its time"
    await bench.make_due()
    assert (await bench.claimed()).attempts == 2


async def test_an_error_that_no_retry_can_mend_fails_at_once(bench: Bench) -> None:
    await bench.put("a")
    task = await bench.claimed()
    async with bench.database.write() as session:
        assert await bench.ledger.fail(session, task, UnsupportedAudio()) is True
    assert (await bench.row("a")).state is TaskState.FAILED


async def test_the_last_allowed_attempt_fails_for_good(bench: Bench) -> None:
    await bench.put("a")
    outcomes = []
    for _ in range(bench.settings.max_attempts):
        await bench.make_due()
        task = await bench.claimed()
        async with bench.database.write() as session:
            outcomes.append(await bench.ledger.fail(session, task, ChildDied()))
    assert outcomes == [False, False, True]


async def test_a_task_that_kills_its_workers_is_parked_with_the_reason(bench: Bench) -> None:
    await bench.put("a")
    parked: list[list[str]] = []
    for _ in range(bench.settings.max_crashes):
        await bench.claimed()
        async with bench.database.write() as session:
            parked.append([row.key for row in await bench.ledger.recover(session)])
    assert parked == [[], ["a"]]
    row = await bench.row("a")
    assert (row.state, row.error_code, row.attempts) == (TaskState.PARKED, "worker_lost", 0)
    assert row.finished_at is not None, "parked is settled"


async def test_whoever_gets_further_between_its_crashes_is_not_parked(bench: Bench) -> None:
    await bench.put("a")
    for _ in range(bench.settings.max_crashes + 1):
        task = await bench.claimed()
        async with bench.ledger.fenced(task):
            pass
        async with bench.database.write() as session:
            assert await bench.ledger.recover(session) == []


async def test_a_process_that_was_suspended_does_not_take_its_own_tasks_away(bench: Bench) -> None:
    await bench.put("a")
    task = await bench.claimed()
    await bench.expire_leases()
    async with bench.database.write() as session:
        await bench.ledger.expire(session, {task.id})
    assert (await bench.row("a")).state is TaskState.RUNNING


async def test_a_long_backlog_does_not_pile_up_bells(bench: Bench) -> None:
    for number in range(40):
        await bench.put(str(number))
    bench.rung.clear()
    newcomer = bench.limited()
    async with bench.database.write() as session:
        await newcomer.ring_ready(session)
    assert 1 <= len(bench.rung) <= 8


async def test_recovery_takes_running_tasks_back_without_waiting_for_their_lease(bench: Bench) -> None:
    await bench.put("a")
    await bench.claimed()
    async with bench.database.write() as session:
        await bench.ledger.recover(session)
    assert (await bench.claimed()).payload == {"key": "a"}


async def test_a_task_given_back_is_ready_at_once_and_its_try_does_not_count(bench: Bench) -> None:
    await bench.put("a")
    await bench.ledger.give_back(await bench.claimed())
    assert (await bench.claimed()).attempts == 1


async def test_a_lost_bell_is_rung_again_but_not_over_and_over(bench: Bench) -> None:
    await bench.put("a")
    await bench.put("b", queue="llm")
    bench.rung.clear()
    for _ in range(3):
        async with bench.database.write() as session:
            await bench.ledger.ring_ready(session)
    assert bench.rung == []
    newcomer = bench.limited()
    for _ in range(3):
        async with bench.database.write() as session:
            await newcomer.ring_ready(session)
    assert sorted(bench.rung) == ["audio", "llm"]


async def test_an_account_with_little_work_does_not_wait_behind_one_with_much(bench: Bench) -> None:
    other = await bench.another_account()
    for number in range(20):
        await bench.put(f"many {number}")
    assert await bench.claim_keys(3) == ["many 0", "many 1", "many 2"]
    await bench.put("few 0", account_id=other)
    await bench.put("few 1", account_id=other)
    assert await bench.claim_keys(4) == ["few 0", "many 3", "few 1", "many 4"]


async def test_an_account_that_comes_late_has_saved_up_no_turns(bench: Bench) -> None:
    for number in range(8):
        await bench.put(f"early {number}")
    await bench.claim_keys(4)
    other = await bench.another_account()
    for number in range(8):
        await bench.put(f"late {number}", account_id=other)
    claimed = await bench.claim_keys(8)
    assert sorted(claimed) == ["early 4", "early 5", "early 6", "early 7", "late 0", "late 1", "late 2", "late 3"]


async def test_a_higher_class_goes_first_and_equals_in_the_order_they_came(bench: Bench) -> None:
    await bench.put("archive", priority=JobPriority.BULK)
    await bench.put("a")
    await bench.put("b")
    await bench.put("somebody waits", priority=JobPriority.INTERACTIVE)
    assert await bench.claim_keys(4) == ["somebody waits", "a", "b", "archive"]


async def test_an_account_runs_no_more_at_once_than_it_may(bench: Bench) -> None:
    ledger = bench.limited(account_limit=2)
    other = await bench.another_account()
    for number in range(3):
        await bench.put(f"a {number}")
    await bench.put("b", account_id=other)
    first = await ledger.claim("audio")
    assert first is not None
    assert sorted(await bench.claim_keys(3, ledger)) == ["a 1", "b"]
    await bench.settle(first)
    assert await bench.claim_keys(2, ledger) == ["a 2"]


async def test_the_limit_of_an_account_overrides_the_general_one(bench: Bench) -> None:
    other = await bench.another_account(max_running=1)
    for number in range(3):
        await bench.put(f"a {number}")
        await bench.put(f"b {number}", account_id=other)
    assert sorted(await bench.claim_keys(6)) == ["a 0", "a 1", "a 2", "b 0"]


async def test_limits_hold_when_many_claim_at_once(bench: Bench) -> None:
    for number in range(12):
        await bench.put(str(number))
        await bench.put(f"llm {number}", queue="llm")
    ledger = bench.limited(account_limit=3, limits={"llm": 2})
    claims = await asyncio.gather(*(ledger.claim(queue) for queue in ("audio", "llm") for _ in range(8)))
    assert len([task for task in claims[:8] if task]) == 3
    assert len([task for task in claims[8:] if task]) == 2


async def test_the_next_task_is_claimed_with_the_end_of_one_or_with_it_not_at_all(bench: Bench) -> None:
    for key in ("first", "second"):
        await bench.put(key)
    first = await bench.claimed()
    with pytest.raises(RuntimeError, match="in the middle"):
        async with bench.ledger.fenced(first) as session:
            await bench.ledger.succeed(session, first, 0.0)
            assert await bench.ledger.claim_next(session, "audio")
            raise RuntimeError("in the middle")
    assert (await bench.row("second")).state == TaskState.QUEUED
    async with bench.ledger.fenced(first) as session:
        await bench.ledger.succeed(session, first, 0.0)
        following = await bench.ledger.claim_next(session, "audio")
        assert await bench.ledger.claim_next(session, "audio") is None
    assert following is not None
    assert (following.payload, following.attempts) == ({"key": "second"}, 1)
    await bench.settle(following)


async def test_limits_hold_for_who_claims_with_the_end_of_a_task_too(bench: Bench) -> None:
    for number in range(4):
        await bench.put(str(number))
    ledger = bench.limited(account_limit=2)
    first, other = await ledger.claim("audio"), await ledger.claim("audio")
    assert first is not None
    assert other is not None
    async with ledger.fenced(first) as session:
        assert await ledger.claim_next(session, "audio") is None
    async with ledger.fenced(first) as session:
        await ledger.succeed(session, first, 0.0)
        following = await ledger.claim_next(session, "audio")
    assert following is not None
    assert following.payload == {"key": "2"}
    waiting = await bench.row("3")
    assert (waiting.state, waiting.attempts, waiting.token) == (TaskState.QUEUED, 0, None)
    async with bench.limited(limits={"audio": 9}).fenced(other) as session:
        # Whoever counts a whole queue keeps others from claiming; not for as long as a result is written.
        assert await bench.limited(limits={"audio": 9}).claim_next(session, "audio") is None


async def test_a_task_can_be_put_down_for_later(bench: Bench) -> None:
    await bench.put("later", delay=60.0)
    assert bench.rung == []
    assert await bench.ledger.claim("audio") is None
    await bench.make_due()
    assert bench.rung == ["audio"]
    assert await bench.claim_keys(1) == ["later"]


async def test_who_is_told_when_to_come_back_loses_no_try(bench: Bench) -> None:
    await bench.put("a")
    for _ in range(bench.settings.max_attempts + 1):
        task = await bench.claimed()
        async with bench.database.write() as session:
            assert await bench.ledger.fail(session, task, StorageFull()) is False
        assert (await bench.row("a")).attempts == 0
        await bench.make_due()


async def test_cancelling_a_job_takes_its_tasks_from_their_holders(bench: Bench) -> None:
    await bench.put("a")
    await bench.put("b", waiting=True)
    task = await bench.claimed()
    async with bench.database.write() as session:
        await bench.ledger.cancel_job(session, bench.job_id)
    with pytest.raises(LeaseLost):
        await bench.ledger.renew(task, 0.0)
    assert (await bench.row("b")).state is TaskState.CANCELLED


async def test_the_clock_is_the_databases_and_moves_within_a_transaction(bench: Bench) -> None:
    async with bench.database.write() as session:
        first = await session.scalar(select(database_now()))
        await asyncio.sleep(0.02)
        second = await session.scalar(select(database_now()))
    assert first is not None
    assert second is not None
    assert second > first


def test_backoff_grows_with_every_try_up_to_its_limit() -> None:
    assert all(1.0 <= backoff(1, 300.0) <= 2.0 for _ in range(50))
    assert all(8.0 <= backoff(4, 300.0) <= 16.0 for _ in range(50))
    assert all(150.0 <= backoff(60, 300.0) <= 300.0 for _ in range(50))
