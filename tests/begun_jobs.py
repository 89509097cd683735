"""A recording put straight into the store, and a job over it, for tests that do the work of its stages themselves."""

from __future__ import annotations

from diarist.accounts.service import account_id
from diarist.jobs.models import JobRow
from diarist.jobs.service import start_job
from diarist.recordings.models import RecordingRow
from diarist.runtime import Runtime


async def begun_job(runtime: Runtime, content: bytes) -> JobRow:
    """The job, which names account and recording; nothing of it is done yet."""
    async with runtime.database.write() as session:
        account = await account_id(session)
        recording = RecordingRow(account_id=account, sha256="0" * 64, size_bytes=1, filename="memo.wav", blob_key="r/original")
        session.add(recording)
        await session.flush()
        job = await start_job(runtime, session, account, recording.id)
    await runtime.blobs.put("r/original", content)
    return job
