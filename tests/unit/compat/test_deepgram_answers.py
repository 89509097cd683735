"""What Deepgram's clients are told of engines that give less than words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from starlette.datastructures import QueryParams

from diarist.compat.deepgram.answers import listened
from diarist.compat.deepgram.options import read_options
from diarist.database.base import new_id
from diarist.http.errors import UnsupportedValue
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


STEREO = RecordingRow(id=new_id(), sha256="0" * 64, created_at=datetime(2026, 11, 3, tzinfo=UTC), channels=2)
APART = read_options(QueryParams("multichannel=true&utterances=true&punctuate=true"), Settings())


def test_channels_with_voices_of_their_own_are_told_apart() -> None:
    heard = transcript(
        segment(1.0, 4.0, "Good morning.", channel=1),
        segment(2.0, 5.0, "Hello!", channel=0),
        segment(6.0, 8.0, "Yes.", channel=1),
    )
    told = listened(heard, STEREO, APART, "r-1")
    assert [channel.alternatives[0].transcript for channel in told.results.channels] == ["Hello!", "Good morning. Yes."]
    assert (told.metadata.channels, told.metadata.warnings) == (2, None)
    assert [(one.channel, one.transcript) for one in told.results.utterances or ()] == [
        (1, "Good morning."), (0, "Hello!"), (1, "Yes."),
    ]  # fmt: skip
    assert len({one.id for one in told.results.utterances or ()}) == 3
    mixed = listened(heard, STEREO, read_options(QueryParams(""), Settings()), "r-1")
    assert [len(channel.alternatives) for channel in mixed.results.channels] == [1]


def test_where_no_channel_holds_a_voice_of_its_own_that_is_said() -> None:
    heard = transcript(segment(1.0, 4.0, "Good morning."))
    told = listened(heard, STEREO, APART, "r-1")
    assert (told.metadata.channels, len(told.results.channels)) == (1, 1)
    assert told.metadata.warnings == ["no channel holds a voice of its own: all are told as one"]


def test_who_wants_voices_told_apart_is_told_how() -> None:
    with pytest.raises(UnsupportedValue) as refused:
        read_options(QueryParams("diarize=true"), Settings())
    assert "multichannel=true" in refused.value.advice
