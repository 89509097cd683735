"""Whether claiming, putting down and sweeping stay as quick when a hundred thousand tasks are queued."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from statistics import median
from typing import Any
from uuid import UUID

import psycopg
from control_plane_fleet import fresh_database
from figures import Figure
from sqlalchemy import event

from diarist.accounts.service import account_id, add_account
from diarist.database.base import new_id
from diarist.database.session import Database
from diarist.domain.job import JobPriority
from diarist.jobs.models import JobRow
from diarist.queue.ledger import Ledger
from diarist.queue.sweeper import sweep
from diarist.recordings.models import RecordingRow
from diarist.settings import QueueSettings
from postgres_server import PostgresServer

DEPTHS = (0, 1_000, 10_000, 100_000)
BASE, DEEPEST = 1_000, 100_000
FULL_DEPTHS = (BASE, DEEPEST)
ACCOUNTS = 10
TIMES, WARM_UP = 100, 10
MOST = 2.0
"""Times as long as with a thousand that anything may take with a hundred thousand."""
QUEUE = "transcription"
_QUEUED = """
INSERT INTO tasks (id, account_id, created_at, job_id, stage, queue, key, payload, state, priority, turn, run_after, attempts,
    crashes, done_seconds)
SELECT gen_random_uuid(), jobs.account_id, now(), jobs.id, 'transcribe', %(queue)s, jobs.id || ':' || number,
    json_build_object('chunk_id', gen_random_uuid()), 'queued', %(priority)s, number, extract(epoch from now()), 0, 0, 0
FROM jobs CROSS JOIN generate_series(1, %(each)s) AS number WHERE jobs.account_id = ANY(%(accounts)s)
"""


@dataclass(frozen=True, slots=True)
class Ground:
    """A database with accounts, each of which has one job, and the ledger on it."""

    url: str
    database: Database
    ledger: Ledger
    jobs: dict[UUID, UUID]
    """By account."""

    def fill(self, depth: int, accounts: list[UUID]) -> None:
        """Let these accounts have so many tasks queued in all."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("TRUNCATE tasks")
            values = {"queue": QUEUE, "priority": JobPriority.NORMAL.rank, "each": depth // len(accounts), "accounts": accounts}
            connection.execute(_QUEUED, values)
            connection.execute("VACUUM ANALYZE tasks")

    async def claim(self) -> None:
        """Claim the best task."""
        await self.ledger.claim(QUEUE)

    async def put(self) -> None:
        """Put one more task down."""
        account, job = next(iter(self.jobs.items()))
        async with self.database.write() as session:
            await self.ledger.put(
                session, account_id=account, job_id=job, stage="transcribe", queue=QUEUE, key=new_id().hex, payload={}
            )

    async def sweep(self) -> None:
        """One round of the sweeper."""

        async def nobody(*_: object) -> None:
            pass

        await sweep(self.database, self.ledger, nobody)


def measure(postgres: PostgresServer) -> list[Figure]:
    """Every depth, with accounts that take turns, and with one account at its limit that has everything."""
    with ExitStack() as stack:
        urls = [stack.enter_context(fresh_database(postgres)) for _ in (*DEPTHS, *FULL_DEPTHS)]
        return asyncio.run(_measure(urls))


async def _measure(urls: list[str]) -> list[Figure]:
    async with AsyncExitStack() as stack:
        grounds = []
        for url in urls:
            database = Database.open(url)
            stack.push_async_callback(database.close)
            grounds.append(await _ground(url, database))
        fair, crowded = dict(zip(DEPTHS, grounds, strict=False)), dict(zip(FULL_DEPTHS, grounds[len(DEPTHS) :], strict=True))
        for depth, ground in fair.items():
            ground.fill(depth, list(ground.jobs))
        for depth, ground in crowded.items():
            _crowd(ground, depth)
        found = {
            "claim": await _milliseconds({depth: ground.claim for depth, ground in fair.items()}),
            "put": await _milliseconds({depth: ground.put for depth, ground in fair.items()}),
            "sweep": await _milliseconds({depth: ground.sweep for depth, ground in fair.items()}),
            "claim past a full account": await _milliseconds({depth: ground.claim for depth, ground in crowded.items()}),
        }
        print("\n".join([f"The claim with {DEEPEST:,} tasks queued:", *await _plan(fair[DEEPEST])]))
        print("\n".join([f"The claim past {DEEPEST:,} tasks of an account at its limit:", *await _plan(crowded[DEEPEST])]))
    figures = []
    for verb, times in found.items():
        figures += [
            Figure(section="queue", name=f"{verb}, {depth:,} queued", value=value, unit="ms") for depth, value in times.items()
        ]
        growth = times[DEEPEST] / times[BASE]
        figures.append(
            Figure(section="queue", name=f"{verb}, {DEEPEST:,} over {BASE:,} queued", value=growth, unit="x", goal=MOST)
        )
    return figures


def _crowd(ground: Ground, depth: int) -> None:
    """One account has as much running as it may, and all that is queued but for the last tasks, which are another's."""
    busy, other = list(ground.jobs)[:2]
    ground.fill(depth, [busy])
    with psycopg.connect(ground.url, autocommit=True) as connection:
        connection.execute("UPDATE accounts SET max_running = 2 WHERE id = %s", (busy,))
        connection.execute(
            "UPDATE tasks SET state = 'running', token = gen_random_uuid(), started_at = 0, lease_until = 1e12 WHERE turn <= 2"
        )
        connection.execute("UPDATE tasks SET account_id = %s WHERE turn > %s", (other, depth - 2 * TIMES))
        connection.execute("VACUUM ANALYZE tasks")


async def _ground(url: str, database: Database) -> Ground:
    jobs = {}
    async with database.write() as session:
        accounts = [await account_id(session), *[(await add_account(session, f"account-{n}")).id for n in range(1, ACCOUNTS)]]
        for number, account in enumerate(accounts):
            recording, job = new_id(), new_id()
            session.add(
                RecordingRow(
                    id=recording, account_id=account, sha256=f"{number:064}", size_bytes=1, filename="a.wav", blob_key=f"{number}"
                )
            )
            await session.flush()
            session.add(JobRow(id=job, account_id=account, recording_id=recording, warnings=[]))
            jobs[account] = job
    return Ground(url, database, Ledger(database, QueueSettings(), lambda _: None), jobs)


async def _milliseconds(calls: dict[int, Callable[[], Awaitable[None]]]) -> dict[int, float]:
    """Medians by depth; each depth in turn, so that what else the machine does weighs on all alike."""
    times: dict[int, list[float]] = {depth: [] for depth in calls}
    for number in range(WARM_UP + TIMES):
        for depth, call in calls.items():
            begun = time.perf_counter()
            await call()
            if number >= WARM_UP:
                times[depth].append(time.perf_counter() - begun)
    return {depth: median(taken) * 1000 for depth, taken in times.items()}


async def _plan(ground: Ground) -> list[str]:
    """How PostgreSQL runs the claim, by its own word; the very statement, as it was seen on its way."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            seen.append((statement, parameters))

    engine = ground.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        await ground.claim()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    lines = []
    with psycopg.connect(ground.url) as connection:
        for statement, parameters in seen:
            rows = connection.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {statement}".encode(), parameters).fetchall()
            lines += [line for (line,) in rows]
        connection.rollback()
    return lines
