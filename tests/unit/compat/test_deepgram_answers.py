"""What Deepgram's clients are told of engines that give less than words."""

from __future__ import annotations

from datetime import UTC, datetime

from starlette.datastructures import QueryParams

from diarist.compat.deepgram.answers import listened
from diarist.compat.deepgram.options import read_options
from diarist.database.base import new_id
from diarist.recordings.models import RecordingRow
from diarist.settings import Settings
from made_transcripts import segment, transcript

RECORDING = RecordingRow(id=new_id(), sha256="0" * 64, created_at=datetime(2026, 11, 3, tzinfo=UTC))


def test_no_times_are_invented_for_words_that_have_none() -> None:
    heard = transcript(segment(1.0, 4.0, "I called Anna."), segment(9.0, 12.0, "We met Paul!"))
    bare = listened(heard, RECORDING, read_options(QueryParams("utterances=true"), Settings()), "r-1")
    [alternative] = bare.results.channels[0].alternatives
    assert (alternative.transcript, alternative.words) == ("i called anna we met paul", [])
    assert [(one.start, one.end, one.transcript) for one in bare.results.utterances or ()] == [
        (1.0, 4.0, "i called anna"),
        (9.0, 12.0, "we met paul"),
    ]
    assert bare.metadata.request_id == "r-1"


def test_silence_is_an_empty_text() -> None:
    told = listened(transcript(), RECORDING, read_options(QueryParams(""), Settings()), "r-1")
    assert told.results.channels[0].alternatives[0].model_dump() == {"transcript": "", "confidence": 0.0, "words": []}
