"""From a recording to its transcript with an engine that loops, invents and doubts: nothing of it stands unmarked or is lost."""

import asyncio
import contextlib
import time
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
from numpy.typing import NDArray

from begun_jobs import begun_job
from diarist.diary.compose import compose
from diarist.domain.job import JobState
from diarist.domain.transcript import Transcript
from diarist.jobs.flow import Flow, locked_job
from diarist.jobs.models import JobRow
from diarist.jobs.repository import latest_job, list_tasks
from diarist.jobs.service import retry_job
from diarist.jobs.work import Worker
from diarist.runtime import Runtime
from diarist.settings import EngineSettings, QueueSettings, Settings
from diarist.transcription.formats.json_document import transcript_to_json
from diarist.transcription.schemas import Transcript as DescribedTranscript
from diarist.transcription.service import read_transcript
from diarist.wiring import open_runtime, prepare
from made_audio import noise, write_audio
from made_noise import like_a_street, like_music
from spoken import SAMPLE_RATE, speak
from waiting import PATIENCE

pytestmark = pytest.mark.slow

PHRASES = ("The ferry left at seven, an hour late.", "Tomorrow I have to buy a new tent.")
LOOP = "and so on and "


def settings(folder: Path, script: str, **engine: object) -> Settings:
    return Settings(
        data_dir=folder,
        engine=EngineSettings.model_validate({"name": "scripted", "model": script, **engine}),
        queue=QueueSettings(lease=1.0, renew=0.1),
    )


async def begun(runtime: Runtime, folder: Path, sound: NDArray[np.float32] | None = None) -> tuple[UUID, UUID]:
    """A job over the phrases, or over some other sound of 16 kHz."""
    samples = speak(PHRASES, (6.0, 1.0)).samples if sound is None else sound
    path = write_audio(folder / "memo.wav", samples, SAMPLE_RATE, "pcm_s16le")
    job = await begun_job(runtime, path.read_bytes())
    return job.account_id, job.recording_id


async def transcribed(settings: Settings, folder: Path, sound: NDArray[np.float32] | None = None) -> tuple[Transcript, JobRow]:
    await prepare(settings)
    async with open_runtime(settings, None) as runtime:
        account, recording = await begun(runtime, folder, sound)
        worker = Worker(runtime, Flow(runtime))
        for queue in ("audio", "transcription", "audio"):
            await worker.work(queue)
        async with runtime.database.read() as session:
            job = await latest_job(session, account, recording)
            assert {task.attempts for task in await list_tasks(session, account, job.id) if task.stage == "transcribe"} == {1}
        return await read_transcript(runtime, account, recording), job


async def test_a_loop_gives_way_to_what_is_heard_with_care_and_is_kept_beside_the_text(tmp_path: Path) -> None:
    transcript, _ = await transcribed(settings(tmp_path, f"loop={LOOP}; careful=The ferry left."), tmp_path)
    assert LOOP not in transcript.text
    assert transcript.text.startswith("The ferry left.")
    assert [segment.suspicions for segment in transcript.segments] == [()] * len(transcript.segments)
    assert transcript.withdrawn
    assert all(one.suspicions == ("repetition",) and one.replaced for one in transcript.withdrawn)
    assert transcript_to_json(transcript)["withdrawn"][0]["text"].startswith(LOOP.strip())
    DescribedTranscript.model_validate(transcript_to_json(transcript))


async def test_a_loop_that_is_heard_again_stays_marked_and_is_not_told_in_the_diary(tmp_path: Path) -> None:
    transcript, _ = await transcribed(settings(tmp_path, f"loop={LOOP}"), tmp_path)
    assert transcript.text.startswith(LOOP.strip())
    assert {segment.suspicions for segment in transcript.segments} == {("repetition",)}
    assert transcript.withdrawn == ()
    assert compose(transcript).sentences == ()


async def test_what_is_said_over_silence_is_withdrawn(tmp_path: Path) -> None:
    transcript, _ = await transcribed(settings(tmp_path, "phantom=Thanks for watching!"), tmp_path)
    assert "watching" not in transcript.text
    assert transcript.text.startswith("One two three")
    (withdrawn,) = transcript.withdrawn
    assert (withdrawn.text, withdrawn.replaced) == ("Thanks for watching!", False)
    assert withdrawn.suspicions == ("over_silence", "phantom_phrase")
    first, second = speak(PHRASES, (6.0, 1.0)).phrases
    assert first.end < withdrawn.start < withdrawn.end < second.start


async def test_what_the_engine_itself_took_for_something_else_first_is_kept(tmp_path: Path) -> None:
    transcript, _ = await transcribed(settings(tmp_path, "say=The ferry left.; doubted=The fairy left."), tmp_path)
    assert "ferry" in transcript.text
    (withdrawn,) = transcript.withdrawn
    assert (withdrawn.text, withdrawn.suspicions, withdrawn.replaced) == ("The fairy left.", ("doubted",), True)


async def test_a_second_engine_decides_where_one_is_named(tmp_path: Path) -> None:
    careful = {"careful": True, "engine": "scripted", "model": "say=The ferry left."}
    transcript, _ = await transcribed(settings(tmp_path, f"loop={LOOP}", routes=[careful]), tmp_path)
    assert transcript.text.startswith("The ferry left.")


async def test_a_second_engine_that_cannot_be_had_costs_nothing_but_a_warning(tmp_path: Path) -> None:
    broken = {"careful": True, "engine": "scripted", "model": "nonsense"}
    transcript, job = await transcribed(settings(tmp_path, f"loop={LOOP}", routes=[broken]), tmp_path)
    assert {segment.suspicions for segment in transcript.segments} == {("repetition",)}
    assert job.state is not JobState.FAILED
    assert [warning["code"] for warning in job.warnings if warning["code"] == "second_hearing_failed"]


@pytest.mark.parametrize("by", ["stage", "task"])
async def test_the_warning_goes_when_it_is_heard_again_and_the_second_hearing_does_not_fail(tmp_path: Path, by: str) -> None:
    broken = {"careful": True, "engine": "scripted", "model": "nonsense"}
    _, failed = await transcribed(settings(tmp_path, f"loop={LOOP}", routes=[broken]), tmp_path)
    assert "second_hearing_failed" in {warning["code"] for warning in failed.warnings}
    mended = settings(tmp_path, f"loop={LOOP}", routes=[{**broken, "model": "say=The ferry left."}])
    async with open_runtime(mended, None) as runtime:
        flow = Flow(runtime)
        async with runtime.database.write() as session:
            job = await locked_job(session, failed.id)
            job.state = JobState.SUCCEEDED  # what the diary would make of it takes longer, and is not asked here
        async with runtime.database.read() as session:
            (chunk,) = [one for one in await list_tasks(session, failed.account_id, failed.id) if one.stage == "transcribe"]
        if by == "stage":
            await retry_job(runtime, failed.account_id, failed.id, stage=chunk.stage)
        else:
            await retry_job(runtime, failed.account_id, failed.id, task_id=chunk.id)
        worker = Worker(runtime, flow)
        for queue in ("transcription", "audio"):
            await worker.work(queue)
        transcript = await read_transcript(runtime, failed.account_id, failed.recording_id)
        async with runtime.database.read() as session:
            job = await latest_job(session, failed.account_id, failed.recording_id)
    assert transcript.text.startswith("The ferry left.")
    assert "second_hearing_failed" not in {warning["code"] for warning in job.warnings}


async def test_a_second_hearing_that_takes_long_keeps_its_lease_and_is_stopped_when_the_work_is(tmp_path: Path) -> None:
    slow = {"careful": True, "engine": "scripted", "model": "say=The ferry left. It was late.; speed=2"}
    chosen = settings(tmp_path, f"loop={LOOP}", routes=[slow])
    await prepare(chosen)
    async with open_runtime(chosen, None) as runtime:
        account, recording = await begun(runtime, tmp_path)
        worker = Worker(runtime, Flow(runtime))
        await worker.work("audio")
        work = asyncio.create_task(worker.work("transcription"))
        async with asyncio.timeout(PATIENCE):
            while len(runtime.engine._processes) < 2:
                await asyncio.sleep(0.05)
        stopped = time.monotonic()
        await worker.stop()
        with contextlib.suppress(asyncio.CancelledError):
            await work
        assert time.monotonic() - stopped < 2.0
        # What was stopped is done again from the beginning, and takes longer than its lease.
        again = Worker(runtime, Flow(runtime))
        started = time.monotonic()
        await again.work("transcription")
        assert time.monotonic() - started > chosen.queue.lease
        await again.work("audio")
        assert (await read_transcript(runtime, account, recording)).text == "The ferry left. It was late."


async def test_minutes_of_silence_noise_music_and_a_street_give_no_word(tmp_path: Path) -> None:
    seconds = 45.0
    sounds = (
        np.zeros(round(seconds * SAMPLE_RATE), np.float32),
        noise(seconds, colour=0, dbfs=-35),
        noise(seconds, colour=1, dbfs=-25),
        noise(seconds, colour=2, dbfs=-20),
        like_music(seconds),
        like_a_street(seconds),
    )
    chosen = settings(tmp_path, "base", name="faster-whisper")
    transcript, _ = await transcribed(chosen, tmp_path, np.concatenate(sounds))
    assert transcript.text == ""
    assert transcript.withdrawn == ()
    assert transcript.duration == 6 * seconds
