"""What every database must let the ledger do: the same suite runs on each."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import select, update

from benched_ledger import LedgerBench, benched
from diarist.database.clock import database_now
from diarist.database.session import Database
from diarist.domain.job import TaskState
from diarist.errors import ChildDied, LeaseLost, StorageFull, UnsupportedAudio
from diarist.queue.ledger import backoff
from diarist.queue.models import TaskRow
from diarist.queue.past_work import PastWorkRow
from diarist.recordings.models import RecordingRow
from diarist.telemetry.processor import Meter

pytestmark = pytest.mark.pooled


@pytest.fixture
async def bench(database: Database, account_id: UUID, recording: RecordingRow) -> LedgerBench:
    return await benched(database, account_id, recording)


async def test_a_task_is_rung_for_after_its_transaction_has_committed(bench: LedgerBench) -> None:
    async with bench.database.write() as session:
        await bench.ledger.put(
            session, account_id=bench.account_id, job_id=bench.job_id, stage="plan", queue="audio", key="a", payload={}
        )
        assert bench.rung == []
    assert bench.rung == ["audio"]


async def test_a_task_of_a_transaction_that_failed_is_neither_there_nor_rung_for(bench: LedgerBench) -> None:
    with pytest.raises(RuntimeError, match="power cut"):
        async with bench.database.write() as session:
            await bench.ledger.put(
                session, account_id=bench.account_id, job_id=bench.job_id, stage="plan", queue="audio", key="a", payload={}
            )
            raise RuntimeError("power cut")
    assert bench.rung == []
    assert await bench.ledger.claim("audio") is None


async def test_the_same_key_twice_is_one_task(bench: LedgerBench) -> None:
    await bench.put("a")
    await bench.put("a")
    await bench.claimed()
    assert await bench.ledger.claim("audio") is None


async def test_a_task_goes_to_exactly_one_of_many_claimers(bench: LedgerBench) -> None:
    for key in "abc":
        await bench.put(key)
    claims = await asyncio.gather(*(bench.ledger.claim("audio") for _ in range(10)))
    keys = sorted(task.payload["key"] for task in claims if task is not None)
    assert keys == ["a", "b", "c"]


async def test_a_claim_takes_only_its_own_queue_and_no_waiting_task(bench: LedgerBench) -> None:
    await bench.put("other", queue="llm")
    await bench.put("waiting", waiting=True)
    assert await bench.ledger.claim("audio") is None


async def test_the_holder_settles_a_task_once(bench: LedgerBench) -> None:
    await bench.put("a")
    task = await bench.claimed()
    async with bench.ledger.fenced(task) as session:
        await bench.ledger.succeed(session, task, 12.5)
    row = await bench.row("a")
    assert (row.state, row.done_seconds, row.token) == (TaskState.SUCCEEDED, 12.5, None)
    with pytest.raises(LeaseLost):
        async with bench.ledger.fenced(task):
            pytest.fail("a settled task was written to again")


async def test_what_tries_have_taken_adds_up_and_outlives_a_lost_worker(bench: LedgerBench) -> None:
    await bench.put("a")
    first = await bench.claimed()
    await bench.ledger.renew(first, 0.0, Meter(2.0, 0.5))
    await bench.expire_leases()
    async with bench.database.write() as session:
        await bench.ledger.expire(session)
    second = await bench.claimed()
    assert (second.cpu_seconds, second.gpu_seconds) == (2.0, 0.5)
    await bench.ledger.give_back(second, Meter(3.0, 0.5))
    third = await bench.claimed()
    async with bench.database.write() as session:
        await bench.ledger.fail(session, third, ChildDied(), Meter(4.0, 0.75))
        await session.execute(update(TaskRow).values(run_after=0.0))
        await bench.ledger.open_due(session)
    fourth = await bench.claimed()
    async with bench.database.write() as session:
        await bench.ledger.succeed(session, fourth, 0.0, Meter(6.5, 1.0))
    row = await bench.row("a")
    assert (row.cpu_seconds, row.gpu_seconds) == (6.5, 1.0)


async def test_what_was_taken_is_kept_when_a_task_is_done_once_more_or_forgotten(bench: LedgerBench) -> None:
    await bench.put("a")
    for seconds in (1.0, 2.0, 4.0):
        task = await bench.claimed()
        assert task.cpu_seconds == 0.0
        async with bench.database.write() as session:
            await bench.ledger.succeed(session, task, 0.0, Meter(seconds))
        async with bench.database.write() as session:
            if seconds == 4.0:
                await bench.ledger.forget(session, bench.job_id, "plan")
            else:
                await bench.ledger.requeue(session, bench.job_id, {TaskState.SUCCEEDED})
    async with bench.database.read() as session:
        rows = (await session.scalars(select(PastWorkRow).order_by(PastWorkRow.id))).all()
    assert [(row.job_id, row.stage, row.cpu_seconds) for row in rows] == [(bench.job_id, "plan", one) for one in (1.0, 2.0, 4.0)]


async def test_a_zombie_is_fenced_off_once_its_task_was_given_to_another(bench: LedgerBench) -> None:
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


async def test_a_renewed_lease_is_not_taken_away(bench: LedgerBench) -> None:
    await bench.put("a")
    task = await bench.claimed()
    await bench.expire_leases()
    await bench.ledger.renew(task, 3.0)
    async with bench.database.write() as session:
        await bench.ledger.expire(session)
    row = await bench.row("a")
    assert (row.state, row.done_seconds) == (TaskState.RUNNING, 3.0)


async def test_a_passing_error_puts_the_task_back_for_later(bench: LedgerBench) -> None:
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


async def test_an_error_that_no_retry_can_mend_fails_at_once(bench: LedgerBench) -> None:
    await bench.put("a")
    task = await bench.claimed()
    async with bench.database.write() as session:
        assert await bench.ledger.fail(session, task, UnsupportedAudio()) is True
    assert (await bench.row("a")).state is TaskState.FAILED


async def test_the_last_allowed_attempt_fails_for_good(bench: LedgerBench) -> None:
    await bench.put("a")
    outcomes = []
    for _ in range(bench.settings.max_attempts):
        await bench.make_due()
        task = await bench.claimed()
        async with bench.database.write() as session:
            outcomes.append(await bench.ledger.fail(session, task, ChildDied()))
    assert outcomes == [False, False, True]


async def test_a_task_that_kills_its_workers_is_parked_with_the_reason(bench: LedgerBench) -> None:
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


async def test_whoever_gets_further_between_its_crashes_is_not_parked(bench: LedgerBench) -> None:
    await bench.put("a")
    for _ in range(bench.settings.max_crashes + 1):
        task = await bench.claimed()
        async with bench.ledger.fenced(task):
            pass
        async with bench.database.write() as session:
            assert await bench.ledger.recover(session) == []


async def test_a_process_that_was_suspended_does_not_take_its_own_tasks_away(bench: LedgerBench) -> None:
    await bench.put("a")
    task = await bench.claimed()
    await bench.expire_leases()
    async with bench.database.write() as session:
        await bench.ledger.expire(session, {task.id})
    assert (await bench.row("a")).state is TaskState.RUNNING


async def test_a_long_backlog_does_not_pile_up_bells(bench: LedgerBench) -> None:
    for number in range(40):
        await bench.put(str(number))
    bench.rung.clear()
    newcomer = bench.limited()
    async with bench.database.write() as session:
        await newcomer.ring_ready(session)
    assert 1 <= len(bench.rung) <= 8


async def test_recovery_takes_running_tasks_back_without_waiting_for_their_lease(bench: LedgerBench) -> None:
    await bench.put("a")
    await bench.claimed()
    async with bench.database.write() as session:
        await bench.ledger.recover(session)
    assert (await bench.claimed()).payload == {"key": "a"}


async def test_a_task_given_back_is_ready_at_once_and_its_try_does_not_count(bench: LedgerBench) -> None:
    await bench.put("a")
    await bench.ledger.give_back(await bench.claimed())
    assert (await bench.claimed()).attempts == 1


async def test_a_lost_bell_is_rung_again_but_not_over_and_over(bench: LedgerBench) -> None:
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


async def test_a_task_can_be_put_down_for_later(bench: LedgerBench) -> None:
    await bench.put("later", delay=60.0)
    assert bench.rung == []
    assert await bench.ledger.claim("audio") is None
    await bench.make_due()
    assert bench.rung == ["audio"]
    assert await bench.claim_keys(1) == ["later"]


async def test_who_is_told_when_to_come_back_loses_no_try(bench: LedgerBench) -> None:
    await bench.put("a")
    for _ in range(bench.settings.max_attempts + 1):
        task = await bench.claimed()
        async with bench.database.write() as session:
            assert await bench.ledger.fail(session, task, StorageFull()) is False
        assert (await bench.row("a")).attempts == 0
        await bench.make_due()


async def test_cancelling_a_job_takes_its_tasks_from_their_holders(bench: LedgerBench) -> None:
    await bench.put("a")
    await bench.put("b", waiting=True)
    task = await bench.claimed()
    async with bench.database.write() as session:
        await bench.ledger.cancel_job(session, bench.job_id)
    with pytest.raises(LeaseLost):
        await bench.ledger.renew(task, 0.0)
    assert (await bench.row("b")).state is TaskState.CANCELLED


async def test_the_clock_is_the_databases_and_moves_within_a_transaction(bench: LedgerBench) -> None:
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
