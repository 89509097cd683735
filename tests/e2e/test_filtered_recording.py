"""A recording that is heard through a sound filter: the transcript says so, and another filter means another plan."""

from pathlib import Path

import pytest

from bad_filters import install_filters
from begun_jobs import begun_job
from diarist.domain.job import JobState
from diarist.jobs.flow import Flow, locked_job
from diarist.jobs.models import JobRow
from diarist.jobs.repository import latest_job, list_tasks
from diarist.jobs.service import retry_job
from diarist.jobs.work import Worker
from diarist.runtime import Runtime
from diarist.settings import EngineSettings, PlanSettings, Settings
from diarist.transcription.exports import export_transcript
from diarist.transcription.formats.form import TranscriptFormat
from diarist.transcription.formats.json_document import transcript_to_json
from diarist.transcription.repository import list_chunks
from diarist.transcription.schemas import Transcript as DescribedTranscript
from diarist.transcription.service import read_transcript
from diarist.wiring import open_runtime, prepare

pytestmark = pytest.mark.slow

SAMPLE = Path(__file__).parents[2] / "samples" / "tuesday_evening.opus"


def through(folder: Path, sound_filter: str) -> Settings:
    return Settings(
        data_dir=folder, engine=EngineSettings(name="scripted"), plan=PlanSettings(chunk_seconds=20.0, sound_filter=sound_filter)
    )


async def work(runtime: Runtime) -> None:
    """All up to the transcript."""
    worker = Worker(runtime, Flow(runtime))
    for queue in ("audio", "transcription", "audio"):
        await worker.work(queue)


async def seen(runtime: Runtime, job: JobRow) -> tuple[set[str], set[int], JobRow]:
    """The filters of the newest plan, its version, and the job as it is."""
    async with runtime.database.read() as session:
        chunks = await list_chunks(session, job.account_id, job.recording_id)
        tasks = [one for one in await list_tasks(session, job.account_id, job.id) if one.stage == "transcribe"]
        job = await latest_job(session, job.account_id, job.recording_id)
    assert {task.payload["chunk_id"] for task in tasks} == {str(chunk.id) for chunk in chunks}, "nothing else is heard"
    return {chunk.sound_filter for chunk in chunks}, {chunk.plan_version for chunk in chunks}, job


async def plan_again(runtime: Runtime, job: JobRow) -> None:
    async with runtime.database.write() as session:
        (await locked_job(session, job.id)).state = JobState.SUCCEEDED  # its entry is not asked here
    await retry_job(runtime, job.account_id, job.id, stage="plan")
    await work(runtime)


async def test_a_filter_leaves_its_name_and_another_one_makes_another_plan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await prepare(through(tmp_path, ""))
    async with open_runtime(through(tmp_path, ""), None) as runtime:
        job = await begun_job(runtime, SAMPLE.read_bytes())
        account, recording = job.account_id, job.recording_id
        await work(runtime)
        plain = await read_transcript(runtime, account, recording)
        assert (plain.sound_filter, transcript_to_json(plain)["sound_filter"]) == ("", None)
        assert (await seen(runtime, job))[:2] == ({""}, {1})
        original = await runtime.blobs.get("r/original")

    async with open_runtime(through(tmp_path, "afftdn"), None) as runtime:
        await plan_again(runtime, job)
        filtered = await read_transcript(runtime, account, recording)
        assert filtered.sound_filter == "afftdn"
        assert filtered.segments == plain.segments, "the scripted engine goes by where speech is: no time has moved"
        assert filtered.coverage == plain.coverage
        assert DescribedTranscript.model_validate(transcript_to_json(filtered)).sound_filter == "afftdn"
        note = await export_transcript(runtime, account, recording, TranscriptFormat.MD)
        assert b"filtered by afftdn" in note.content
        filters, versions, job = await seen(runtime, job)
        assert (filters, versions, job.warnings) == ({"afftdn"}, {2}, [])
        await plan_again(runtime, job)
        assert (await seen(runtime, job))[:2] == ({"afftdn"}, {2}), "the same filter goes on with the same plan"

    # The child that decodes has to find the filters, too.
    monkeypatch.setenv("PYTHONPATH", str(install_filters(tmp_path)), prepend=":")
    async with open_runtime(through(tmp_path, "failing"), None) as runtime:
        await plan_again(runtime, job)
        unfiltered = await read_transcript(runtime, account, recording)
        assert unfiltered.sound_filter == ""
        assert unfiltered.segments == plain.segments
        filters, versions, job = await seen(runtime, job)
        assert (filters, versions) == ({"failing"}, {3})
        (warning,) = job.warnings
        assert warning["code"] == "sound_filter_failed"
        assert "no noise profile" in warning["message"]
        assert await runtime.blobs.get("r/original") == original

    async with open_runtime(through(tmp_path, ""), None) as runtime:
        await plan_again(runtime, job)
        _, versions, job = await seen(runtime, job)
        assert (versions, job.warnings) == ({4}, [])


async def test_a_filter_that_is_not_installed_fails_the_plan_and_says_so(tmp_path: Path) -> None:
    await prepare(through(tmp_path, "parrot"))
    async with open_runtime(through(tmp_path, "parrot"), None) as runtime:
        job = await begun_job(runtime, SAMPLE.read_bytes())
        await work(runtime)
        async with runtime.database.read() as session:
            job = await latest_job(session, job.account_id, job.recording_id)
        assert (job.state, job.error_code) == (JobState.FAILED, "misconfigured")
        assert "'parrot'" in (job.error_message or "")
        assert await runtime.blobs.get("r/original")
