"""A ledger over a database with one job, and the fixture that opens it."""

from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from diarist.accounts.models import AccountRow
from diarist.database.base import new_id
from diarist.database.clock import database_now
from diarist.database.session import Database
from diarist.domain.job import JobPriority
from diarist.jobs.models import JobRow
from diarist.queue.ledger import Ledger, Task
from diarist.queue.models import TaskRow
from diarist.recordings.models import RecordingRow
from diarist.settings import QueueSettings


class LedgerBench:
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


async def benched(database: Database, account_id: UUID, recording: RecordingRow) -> LedgerBench:
    """The bench."""
    job_id = new_id()
    async with database.write() as session:
        session.add(JobRow(id=job_id, account_id=account_id, recording_id=recording.id, warnings=[]))
    return LedgerBench(database, account_id, job_id)
