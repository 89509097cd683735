"""What is heard in the sound of a chunk stands in the chunk's own time, with its channel, and none of it is lost."""

from hypothesis import given
from hypothesis import strategies as st

from diarist.domain.audio import PlannedChunk, Span
from diarist.domain.channels import REST
from diarist.domain.transcript import ChunkTranscript, Segment, Withdrawn, Word
from diarist.transcription.speech_rows import spans_of, speech_row
from diarist.transcription.unfolding import Unfolding

LEFT, RIGHT = (Span(0.0, 4.0), Span(8.0, 10.0)), (Span(3.0, 6.0),)
SECONDS = 10.0


def said(start: float, end: float, text: str = "well now") -> Segment:
    words = text.split()
    step = (end - start) / len(words)
    timed = tuple(
        Word(start=start + place * step, end=start + (place + 1) * step, text=word, probability=0.9)
        for place, word in enumerate(words)
    )
    return Segment(start=start, end=end, text=text, probability=0.9, words=timed)


def heard(*segments: Segment, withdrawn: tuple[Withdrawn, ...] = ()) -> ChunkTranscript:
    return ChunkTranscript(
        language="en", language_probability=0.9, segments=segments, engine="one", model="two", withdrawn=withdrawn
    )


def test_what_is_mixed_stays_as_it_is() -> None:
    unfolding = Unfolding(LEFT, (), SECONDS)
    answer = heard(said(0.0, 1.0))
    assert (unfolding.speech, unfolding.duration) == (LEFT, SECONDS)
    assert unfolding.fold(answer) is answer


def test_the_channels_follow_each_other_with_a_rest_between_them() -> None:
    unfolding = Unfolding((Span(0.0, 6.0), Span(8.0, 10.0)), (LEFT, RIGHT), SECONDS)
    assert unfolding.speech == (*LEFT, Span(18.0, 21.0))
    assert unfolding.duration == 2 * SECONDS + REST


def test_who_speaks_at_once_stands_at_the_same_time_in_the_order_of_the_beginning() -> None:
    unfolding = Unfolding(LEFT, (LEFT, RIGHT), SECONDS)
    taken_back = Withdrawn(start=18.0, end=18.5, text="Uh.", suspicions=("doubted",), replaced=True)
    answer = unfolding.fold(heard(said(0.0, 4.0), said(8.0, 10.0), said(18.0, 21.0), withdrawn=(taken_back,)))
    assert [(one.start, one.end, one.channel) for one in answer.segments] == [(0.0, 4.0, 0), (3.0, 6.0, 1), (8.0, 10.0, 0)]
    assert [word.start for word in answer.segments[1].words] == [3.0, 4.5]
    assert [(one.start, one.end, one.channel) for one in answer.withdrawn] == [(3.0, 3.5, 1)]


def test_a_segment_across_two_channels_becomes_one_of_each() -> None:
    unfolding = Unfolding(LEFT, (LEFT, RIGHT), SECONDS)
    (left, right) = sorted(
        unfolding.fold(heard(said(8.0, 18.0, "he went. I stayed."))).segments, key=lambda one: one.channel or 0
    )
    assert (left.text, left.channel, right.text, right.channel) == ("he went.", 0, "I stayed.", 1)


def test_a_single_voice_keeps_its_times_and_has_its_channel() -> None:
    unfolding = Unfolding(RIGHT, ((), RIGHT), SECONDS)
    assert (unfolding.speech, unfolding.duration) == (RIGHT, SECONDS)
    (segment,) = unfolding.fold(heard(said(3.0, 4.0))).segments
    assert (segment.start, segment.channel) == (3.0, 1)


spans = st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 500)), max_size=5).map(
    lambda pairs: tuple(
        Span(start / 10, end / 10) for start, end in sorted({start: start + length for start, length in pairs}.items())
    )
)
channels = st.tuples(spans, spans)


@given(channels, st.lists(st.tuples(st.floats(-1, 1400), st.floats(0, 400)), max_size=8))
def test_no_word_is_lost_and_all_lie_in_the_chunk(both: tuple[tuple[Span, ...], ...], times: list[tuple[float, float]]) -> None:
    segments = [said(start, start + length, "one two three four") for start, length in times]
    answer = Unfolding((), both, 400.0).fold(heard(*segments))
    assert sum(len(one.words) for one in answer.segments) == 4 * len(segments)
    known: set[int | None] = {channel for channel, own in enumerate(both) if own} or {None}
    for one in answer.segments:
        assert one.channel in known
        if known != {None}:
            assert 0.0 <= one.start <= one.end <= 400.0
            assert all(0.0 <= word.start <= word.end <= 400.0 for word in one.words)
    starts = [one.start for one in answer.segments]
    assert known == {None} or starts == sorted(starts)


@given(channels)
def test_voice_comes_back_from_a_row_as_it_was(both: tuple[tuple[Span, ...], ...]) -> None:
    chunk = PlannedChunk(index=0, start=0.0, end=400.0, speech=both[0], channels=both if any(both) else ())
    speech, found = spans_of(speech_row(chunk))
    assert found == chunk.channels
    assert (
        speech == both[0]
        if not any(both)
        else all(any(one.start <= span.start and span.end <= one.end for one in speech) for own in both for span in own)
    )
