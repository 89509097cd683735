"""A part that takes its worker down again and again ends as a named gap, never as silence; a retry mends it."""

from pathlib import Path

from sqlalchemy import update

from begun_jobs import begun_job
from diarist.database.clock import database_now
from diarist.domain.job import JobState, TaskState
from diarist.jobs.flow import Flow
from diarist.jobs.repository import get_job
from diarist.jobs.service import retry_job
from diarist.jobs.work import Worker
from diarist.queue.models import TaskRow
from diarist.settings import EngineSettings, PlanSettings, Settings
from diarist.transcription.service import read_transcript
from diarist.wiring import open_runtime, prepare
from made_audio import noise, write_audio


async def test_a_parked_part_is_a_gap_and_a_retry_mends_it(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", engine=EngineSettings(name="scripted"), plan=PlanSettings(chunk_seconds=10))
    await prepare(settings)
    async with open_runtime(settings, None) as runtime:
        sound = write_audio(tmp_path / "noise.wav", noise(25, dbfs=-30), 16_000, "pcm_s16le")
        begun = await begun_job(runtime, sound.read_bytes())
        account, job = begun.account_id, begun.id
        flow = Flow(runtime)
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
        transcript = await read_transcript(runtime, account, begun.recording_id)
        async with runtime.database.read() as session:
            assert (await get_job(session, account, job)).state is JobState.SUCCEEDED
        assert transcript.gaps == ()


async def _work_off(worker: Worker) -> None:
    for queue in ("audio", "transcription", "audio", "llm"):
        await worker.work(queue)
