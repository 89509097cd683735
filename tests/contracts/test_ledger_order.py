"""Whose task comes next, and how many may run at once, on every database."""

import asyncio
from uuid import UUID

import pytest

from benched_ledger import LedgerBench, benched
from diarist.database.session import Database
from diarist.domain.job import JobPriority, TaskState
from diarist.recordings.models import RecordingRow

NO_MORE = True
"""Whether None means that nothing is ready."""

pytestmark = pytest.mark.pooled


@pytest.fixture
async def bench(database: Database, account_id: UUID, recording: RecordingRow) -> LedgerBench:
    return await benched(database, account_id, recording)


async def test_an_account_with_little_work_does_not_wait_behind_one_with_much(bench: LedgerBench) -> None:
    other = await bench.another_account()
    for number in range(20):
        await bench.put(f"many {number}")
    assert await bench.claim_keys(3) == ["many 0", "many 1", "many 2"]
    await bench.put("few 0", account_id=other)
    await bench.put("few 1", account_id=other)
    assert await bench.claim_keys(4) == ["few 0", "many 3", "few 1", "many 4"]


async def test_an_account_that_comes_late_has_saved_up_no_turns(bench: LedgerBench) -> None:
    for number in range(8):
        await bench.put(f"early {number}")
    await bench.claim_keys(4)
    other = await bench.another_account()
    for number in range(8):
        await bench.put(f"late {number}", account_id=other)
    claimed = await bench.claim_keys(8)
    assert sorted(claimed) == ["early 4", "early 5", "early 6", "early 7", "late 0", "late 1", "late 2", "late 3"]


async def test_a_higher_class_goes_first_and_equals_in_the_order_they_came(bench: LedgerBench) -> None:
    await bench.put("archive", priority=JobPriority.BULK)
    await bench.put("a")
    await bench.put("b")
    await bench.put("somebody waits", priority=JobPriority.INTERACTIVE)
    assert await bench.claim_keys(4) == ["somebody waits", "a", "b", "archive"]


async def test_an_account_runs_no_more_at_once_than_it_may(bench: LedgerBench) -> None:
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


async def test_the_limit_of_an_account_overrides_the_general_one(bench: LedgerBench) -> None:
    other = await bench.another_account(max_running=1)
    for number in range(3):
        await bench.put(f"a {number}")
        await bench.put(f"b {number}", account_id=other)
    assert sorted(await bench.claim_keys(6)) == ["a 0", "a 1", "a 2", "b 0"]


async def test_limits_hold_when_many_claim_at_once(bench: LedgerBench) -> None:
    for number in range(12):
        await bench.put(str(number))
        await bench.put(f"llm {number}", queue="llm")
    ledger = bench.limited(account_limit=3, limits={"llm": 2})
    claims = await asyncio.gather(*(ledger.claim(queue) for queue in ("audio", "llm") for _ in range(8)))
    assert len([task for task in claims[:8] if task]) == 3
    assert len([task for task in claims[8:] if task]) == 2


async def test_the_next_task_is_claimed_with_the_end_of_one_or_with_it_not_at_all(bench: LedgerBench) -> None:
    for key in ("first", "second"):
        await bench.put(key)
    first = await bench.claimed()
    with pytest.raises(RuntimeError, match="in the middle"):
        async with bench.ledger.fenced(first) as session:
            await bench.ledger.succeed(session, first, 0.0)
            assert (await bench.ledger.claim_next(session, "audio"))[0]
            raise RuntimeError("in the middle")
    assert (await bench.row("second")).state == TaskState.QUEUED
    async with bench.ledger.fenced(first) as session:
        await bench.ledger.succeed(session, first, 0.0)
        following, _ = await bench.ledger.claim_next(session, "audio")
        assert await bench.ledger.claim_next(session, "audio") == (None, NO_MORE)
    assert following is not None
    assert (following.payload, following.attempts) == ({"key": "second"}, 1)
    await bench.settle(following)


async def test_limits_hold_for_who_claims_with_the_end_of_a_task_too(bench: LedgerBench) -> None:
    for number in range(4):
        await bench.put(str(number))
    ledger = bench.limited(account_limit=2)
    first, other = await ledger.claim("audio"), await ledger.claim("audio")
    assert first is not None
    assert other is not None
    async with ledger.fenced(first) as session:
        assert await ledger.claim_next(session, "audio") == (None, not NO_MORE)
    async with ledger.fenced(first) as session:
        await ledger.succeed(session, first, 0.0)
        following, _ = await ledger.claim_next(session, "audio")
    assert following is not None
    assert following.payload == {"key": "2"}
    waiting = await bench.row("3")
    assert (waiting.state, waiting.attempts, waiting.token) == (TaskState.QUEUED, 0, None)
    async with bench.limited(limits={"audio": 9}).fenced(other) as session:
        # Whoever counts a whole queue keeps others from claiming; not for as long as a result is written.
        assert await bench.limited(limits={"audio": 9}).claim_next(session, "audio") == (None, not NO_MORE)
