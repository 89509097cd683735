from __future__ import annotations

from uuid import UUID, uuid4

from diarist.database.session import Database
from diarist.jobs.models import JobRow
from diarist.recordings.models import RecordingRow
from diarist.transcription.repository import add_transcript, trust_scores
from made_transcripts import segment, transcript


async def test_the_score_of_a_recording_is_that_of_its_newest_transcript(
    database: Database, account_id: UUID, recording: RecordingRow
) -> None:
    async with database.write() as session:
        job = JobRow(account_id=account_id, recording_id=recording.id)
        session.add(job)
        await session.flush()
        for score in (54, 91, None):
            heard = transcript(segment(1.0, 4.0, "One two three."), trust=score)
            await add_transcript(session, account_id, recording.id, job.id, heard)
            await session.flush()
            assert await trust_scores(session, account_id, [recording.id, uuid4()]) == {recording.id: score}
        assert await trust_scores(session, uuid4(), [recording.id]) == {}
