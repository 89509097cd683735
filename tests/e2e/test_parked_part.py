"""A part that takes its worker down again and again ends as a named gap, never as silence; a retry mends it."""

from pathlib import Path
from uuid import UUID

from sqlalchemy import update

from diarist.accounts.service import account_id as find_account
from diarist.database.clock import database_now
from diarist.domain.job import JobState, TaskState
from diarist.jobs.flow import Flow
from diarist.jobs.repository import get_job
from diarist.jobs.service import retry_job, start_job
from diarist.jobs.work import Worker
from diarist.queue.models import TaskRow
from diarist.recordings.models import RecordingRow
from diarist.runtime import Runtime
from diarist.settings import EngineSettings, PlanSettings, Settings
from diarist.transcription.service import read_transcript
from diarist.wiring import open_runtime, prepare
from made_audio import noise, write_audio


async def test_a_parked_part_is_a_gap_and_a_retry_mends_it(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", engine=EngineSettings(name="scripted"), plan=PlanSettings(chunk_seconds=10))
    await prepare(settings)
    async with open_runtime(settings, None) as runtime:
        account, recording, job = await _begun(runtime, tmp_path)
        flow = Flow(runtime.stages, runtime.ledger)
        worker = Worker(runtime, flow)
        await worker.work("audio")
        async with runtime.database.write() as session:
            # As after the last of too many crashes: the worker died with the first part in its hands.
            crashed = (
                update(TaskRow)
                .where(TaskRow.stage == "transcribe")
                .values(state=TaskState.RUNNING, crashes=settings.queue.max_crashes - 1, attempts=1, lease_until=database_now())
            )
            await session.execute(crashed)
            await flow.parked(session, await runtime.ledger.recover(session))
        await _work_off(worker)
        async with runtime.database.read() as session:
            ended = await get_job(session, account, job)
        assert (ended.state, ended.error_code) == (JobState.FAILED, "engine_failed"), "all parts were parked"
        await retry_job(runtime, account, job)
        await _work_off(worker)
        transcript = await read_transcript(runtime, account, recording)
        async with runtime.database.read() as session:
            assert (await get_job(session, account, job)).state is JobState.SUCCEEDED
        assert transcript.gaps == ()


async def _work_off(worker: Worker) -> None:
    for queue in ("audio", "transcription", "audio", "llm"):
        await worker.work(queue)


async def _begun(runtime: Runtime, folder: Path) -> tuple[UUID, UUID, UUID]:
    path = write_audio(folder / "noise.wav", noise(25, dbfs=-30), 16_000, "pcm_s16le")
    async with runtime.database.write() as session:
        account = await find_account(session)
        recording = RecordingRow(account_id=account, sha256="0" * 64, size_bytes=1, filename="noise.wav", blob_key="r/original")
        session.add(recording)
        await session.flush()
        job = await start_job(runtime, session, account, recording.id)
    await runtime.blobs.put("r/original", path.read_bytes())
    return account, recording.id, job.id
