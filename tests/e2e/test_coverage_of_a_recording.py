"""What a transcript leaves out is found: a sentence that the engine does not give back is dropped speech at its time."""

from pathlib import Path

import pytest
from sqlalchemy import update

from begun_jobs import begun_job
from diarist.domain.coverage import CoverageLabel
from diarist.domain.job import JobState
from diarist.jobs.flow import Flow
from diarist.jobs.models import JobRow
from diarist.jobs.repository import latest_job
from diarist.jobs.work import Worker
from diarist.settings import EngineSettings, Settings
from diarist.transcription.models import TranscriptRow
from diarist.transcription.repository import trust_scores
from diarist.transcription.service import read_transcript
from diarist.wiring import open_runtime, prepare
from made_audio import write_audio
from spoken import speak

pytestmark = pytest.mark.slow

PHRASES = (
    "I had promised my brother to bring the maps, and I forgot them on the kitchen table.",
    "The ferry left at seven, an hour late, and nobody on the quay could tell us why.",
    "Tomorrow I have to buy a new tent before the shops close.",
)


async def test_a_sentence_that_the_engine_leaves_out_is_found_at_its_time(tmp_path: Path) -> None:
    speech = speak(PHRASES, (1.5, 4.0, 1.0))
    lost = speech.phrases[1]
    settings = Settings(
        data_dir=tmp_path, engine=EngineSettings(name="scripted", model=f"mute={lost.start - 0.3:.2f}-{lost.end + 0.3:.2f}")
    )
    await prepare(settings)
    async with open_runtime(settings, None) as runtime:
        sound = write_audio(tmp_path / "memo.wav", speech.samples, speech.sample_rate, "pcm_s16le")
        begun = await begun_job(runtime, sound.read_bytes())
        account, recording = begun.account_id, begun.recording_id
        worker = Worker(runtime, Flow(runtime))
        await worker.work("audio")
        await worker.work("transcription")
        partial = await read_transcript(runtime, account, recording)
        assert partial.partial
        await worker.work("audio")
        transcript = await read_transcript(runtime, account, recording)
        assert transcript.coverage is not None
        assert partial.coverage == transcript.coverage, "all of it was heard before it was merged"

        (dropped,) = [span for span in transcript.coverage.spans if span.label is CoverageLabel.DROPPED_SPEECH]
        assert dropped.reason == "no_words"
        assert dropped.start == pytest.approx(lost.start, abs=0.5)
        assert dropped.end == pytest.approx(lost.end, abs=0.5)
        totals = transcript.coverage.totals
        assert round(sum(totals.values()), 3) == round(transcript.duration, 3)
        assert totals[CoverageLabel.TRANSCRIBED] == pytest.approx(
            sum(phrase.end - phrase.start for phrase in (speech.phrases[0], speech.phrases[2])), abs=2.0
        )
        assert any(span.reason == "silence" for span in transcript.coverage.spans), "the pauses of this voice are digital silence"

        async with runtime.database.read() as session:
            job = await latest_job(session, account, recording)
            assert await trust_scores(session, account, [recording]) == {recording: transcript.trust}
        assert job.state is not JobState.FAILED
        (warning,) = job.warnings
        assert warning["code"] == "dropped_speech"
        assert transcript.trust is not None
        assert 55 <= transcript.trust <= 80

        async with runtime.database.write() as session:
            # As a release before coverage left it.
            await session.execute(update(TranscriptRow).values(coverage=None, trust=None))
            await session.execute(update(JobRow).values(warnings=[]))
        assert await read_transcript(runtime, account, recording) == transcript
