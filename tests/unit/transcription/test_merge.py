from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from diarist.domain.audio import Span
from diarist.domain.transcript import ChunkTranscript, Segment, Withdrawn, Word
from diarist.transcription.merge import Part, merge


def heard(*segments: Segment, language: str | None = "en", probability: float = 0.9) -> ChunkTranscript:
    return ChunkTranscript(
        language=language, language_probability=probability, segments=segments, engine="scripted", model="words"
    )


def segment(start: float, end: float, text: str = "hello there") -> Segment:
    words = text.split()
    step = (end - start) / max(1, len(words))
    timed = tuple(
        Word(start=start + place * step, end=start + (place + 1) * step, text=word, probability=0.9)
        for place, word in enumerate(words)
    )
    return Segment(start=start, end=end, text=text, probability=0.9, words=timed)


def test_times_are_counted_from_the_start_of_the_recording() -> None:
    parts = [
        Part(span=Span(0.0, 60.0), heard=heard(segment(1.0, 2.0, "first"))),
        Part(span=Span(60.0, 90.0), heard=heard(segment(0.5, 1.5, "second"))),
    ]
    transcript = merge(parts, 90.0)
    assert [(one.text, one.start, one.end) for one in transcript.segments] == [("first", 1.0, 2.0), ("second", 60.5, 61.5)]
    assert transcript.segments[1].words[0].start == 60.5
    assert transcript.text == "first second"
    assert not transcript.partial


def test_a_part_that_failed_is_a_named_gap_and_the_rest_stands() -> None:
    parts = [
        Part(span=Span(0.0, 60.0), heard=heard(segment(1.0, 2.0))),
        Part(span=Span(60.0, 120.0), heard=None, failure=("child_died", "The process died.")),
        Part(span=Span(120.0, 130.0), heard=heard(segment(1.0, 2.0))),
    ]
    transcript = merge(parts, 130.0)
    assert [(gap.span, gap.code) for gap in transcript.gaps] == [(Span(60.0, 120.0), "child_died")]
    assert len(transcript.segments) == 2
    assert not transcript.partial


def test_a_part_that_is_still_to_come_makes_the_transcript_partial() -> None:
    parts = [Part(span=Span(0.0, 60.0), heard=heard(segment(1.0, 2.0))), Part(span=Span(60.0, 120.0), heard=None)]
    assert merge(parts, 120.0).partial


def test_the_language_is_that_of_most_of_the_spoken_time() -> None:
    parts = [
        Part(span=Span(0.0, 60.0), heard=heard(segment(0.0, 50.0), language="en", probability=0.8)),
        Part(span=Span(60.0, 120.0), heard=heard(segment(0.0, 5.0), language="fr", probability=1.0)),
        Part(span=Span(120.0, 180.0), heard=heard(language="de")),
    ]
    transcript = merge(parts, 180.0)
    assert (transcript.language, transcript.language_probability) == ("en", 0.8)


def test_each_segment_says_its_language_where_it_is_another_than_most() -> None:
    german = replace(segment(10.0, 20.0), language="de")
    parts = [
        Part(span=Span(0.0, 60.0), heard=heard(segment(0.0, 6.0), german, language="en", probability=0.8)),
        Part(span=Span(60.0, 120.0), heard=heard(segment(0.0, 20.0), language="de", probability=0.9)),
        Part(span=Span(120.0, 180.0), heard=heard(replace(segment(0.0, 2.0), language="de"), segment(2.0, 3.0), language="fr")),
    ]
    transcript = merge(parts, 180.0)
    # Only the second chunk says how sure it is of German.
    assert (transcript.language, transcript.language_probability) == ("de", 0.9)
    assert [one.language for one in transcript.segments] == ["en", None, None, None, "fr"]
    assert transcript.languages == {"de": 32.0, "en": 6.0, "fr": 1.0}


def test_silence_has_no_language_and_no_text() -> None:
    transcript = merge([Part(span=Span(0.0, 60.0), heard=heard(language=None))], 60.0)
    assert (transcript.language, transcript.text, transcript.segments) == (None, "", ())


def test_what_was_withdrawn_and_what_is_suspect_goes_along_in_the_time_of_the_recording() -> None:
    taken_back = Withdrawn(start=2.0, end=400.0, text="Thanks for watching!", suspicions=("phantom_phrase",), replaced=False)
    doubted = replace(segment(1.0, 2.0, "hello"), suspicions=("improbable",))
    parts = [
        Part(span=Span(0.0, 60.0), heard=heard(segment(1.0, 2.0, "first"))),
        Part(span=Span(60.0, 90.0), heard=replace(heard(doubted), withdrawn=(taken_back,))),
    ]
    transcript = merge(parts, 90.0)
    assert transcript.withdrawn == (replace(taken_back, start=62.0, end=90.0),)
    assert [one.suspicions for one in transcript.segments] == [(), ("improbable",)]
    assert transcript.text == "first hello"


times = st.floats(-5, 400, allow_nan=False)
segments = st.builds(lambda a, b, text: segment(min(a, b), max(a, b), text), times, times, st.sampled_from(["", "a b c", "one"]))


@given(st.lists(st.lists(segments, max_size=4), max_size=4))
def test_whatever_an_engine_says_times_ascend_and_stay_inside_their_chunk(chunks: list[list[Segment]]) -> None:
    parts = [Part(span=Span(300.0 * place, 300.0 * (place + 1)), heard=heard(*found)) for place, found in enumerate(chunks)]
    transcript = merge(parts, 300.0 * len(chunks))
    for before, after in pairwise(transcript.segments):
        assert before.end <= after.start
    for one in transcript.segments:
        assert one.text
        assert 0.0 <= one.start <= one.end <= transcript.duration
        clock = one.start
        for word in one.words:
            assert clock <= word.start <= word.end <= one.end
            clock = word.end


def test_engines_and_models_are_named_once_however_many_heard_a_chunk() -> None:
    names = [("faster-whisper", "base"), ("faster-whisper, onnx-asr", "base, parakeet"), ("onnx-asr", "parakeet")]
    parts = [
        Part(span=Span(place, place + 1.0), heard=replace(heard(), engine=engine, model=model))
        for place, (engine, model) in enumerate(names)
    ]
    transcript = merge(parts, 3.0)
    assert (transcript.engine, transcript.model) == ("faster-whisper, onnx-asr", "base, parakeet")


BOTH = ((Span(0.0, 10.0),), (Span(0.0, 10.0),))


def in_channel(channel: int | None, start: float, end: float, text: str = "hello there") -> Segment:
    return replace(segment(start, end, text), channel=channel)


def test_voices_of_two_channels_stand_by_their_beginning_and_may_overlap() -> None:
    parts = [
        Part(span=Span(0.0, 60.0), heard=heard(in_channel(0, 1.0, 5.0), in_channel(1, 2.0, 3.0)), channels=BOTH),
        Part(span=Span(60.0, 90.0), heard=heard(segment(1.0, 2.0))),
    ]
    transcript = merge(parts, 90.0)
    assert [(one.start, one.end, one.channel) for one in transcript.segments] == [
        (1.0, 5.0, 0),
        (2.0, 3.0, 1),
        (61.0, 62.0, None),
    ]
    assert transcript.channels == {0: 4.0, 1: 1.0}


def test_a_single_channel_with_a_voice_tells_nobody_apart() -> None:
    taken_back = Withdrawn(start=2.0, end=3.0, text="Uh.", suspicions=("doubted",), replaced=True, channel=1)
    alone = replace(heard(in_channel(1, 1.0, 2.0)), withdrawn=(taken_back,))
    parts = [Part(span=Span(0.0, 60.0), heard=alone, channels=((), BOTH[1]))]
    transcript = merge(parts, 60.0)
    assert [one.channel for one in transcript.segments] + [one.channel for one in transcript.withdrawn] == [None, None]
    # The other one speaks up later: then it is known who it was before.
    later = Part(span=Span(60.0, 90.0), heard=heard(in_channel(0, 1.0, 2.0)), channels=(BOTH[0], ()))
    assert [one.channel for one in merge([*parts, later], 90.0).segments] == [1, 0]


in_channels = st.builds(lambda one, channel: replace(one, channel=channel), segments, st.sampled_from([0, 1]))


@given(st.lists(st.lists(in_channels, max_size=5), max_size=4))
def test_whatever_is_heard_in_two_channels_each_ascends_by_itself_and_nothing_is_lost(chunks: list[list[Segment]]) -> None:
    parts = [
        Part(span=Span(300.0 * place, 300.0 * (place + 1)), heard=heard(*found), channels=BOTH)
        for place, found in enumerate(chunks)
    ]
    transcript = merge(parts, 300.0 * len(chunks))
    starts = [one.start for one in transcript.segments]
    assert starts == sorted(starts)
    for channel in (0, 1):
        own = [one for one in transcript.segments if one.channel == channel]
        assert [one.text for one in own] == [one.text for found in chunks for one in found if one.text and one.channel == channel]
        assert all(before.end <= after.start for before, after in pairwise(own))
