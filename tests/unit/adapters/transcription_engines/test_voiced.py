"""Joined sound finds its way back: in order, inside its part, nothing lost."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.adapters.transcription_engines.voiced import Voiced
from diarist.domain.audio import SAMPLE_RATE, Span
from diarist.domain.transcript import Segment, Word

CHUNK = np.arange(20 * SAMPLE_RATE, dtype=np.float32)


def segment(*words: tuple[float, float, str]) -> Segment:
    said = tuple(Word(start=start, end=end, text=text, probability=0.5) for start, end, text in words)
    return Segment(start=said[0].start, end=said[-1].end, text="".join(word.text for word in said), probability=0.5, words=said)


def times(segments: list[Segment]) -> list[tuple[float, float, str]]:
    return [(segment.start, segment.end, segment.text) for segment in segments]


def test_parts_are_joined_to_the_sample() -> None:
    voiced = Voiced.of(CHUNK, [Span(1.0, 2.0), Span(5.0, 5.5), Span(19.5, 30.0)])
    expected = np.concatenate([CHUNK[16_000:32_000], CHUNK[80_000:88_000], CHUNK[312_000:]])
    assert np.array_equal(voiced.samples, expected)
    assert voiced.starts == (0.0, 1.0, 1.5)


def test_a_stretch_is_divided_where_parts_were_joined() -> None:
    voiced = Voiced.of(CHUNK, [Span(1.0, 2.0), Span(5.0, 5.5), Span(19.5, 30.0)])
    assert voiced.divided(Span(0.5, 2.0)) == [Span(0.5, 1.0), Span(1.0, 1.5), Span(1.5, 2.0)]
    assert voiced.divided(Span(0.0, 1.0)) == [Span(0.0, 1.0)]


@pytest.mark.parametrize("speech", [[], [Span(3.0, 3.0)], [Span(20.0, 25.0)]])
def test_no_speech_is_no_sound(speech: list[Span]) -> None:
    assert len(Voiced.of(CHUNK, speech).samples) == 0


def test_words_come_back_to_their_time() -> None:
    voiced = Voiced.of(CHUNK, [Span(1.0, 2.0), Span(5.0, 7.0)])
    [placed] = voiced.placed([segment((1.2, 1.4, " Hello"), (1.5, 2.5, " there."))])
    assert (placed.start, placed.end, placed.text) == (5.2, 6.5, "Hello there.")
    assert [(word.start, word.end, word.text) for word in placed.words] == [(5.2, 5.4, "Hello"), (5.5, 6.5, "there.")]


def test_a_segment_across_a_pause_is_parted_where_the_pause_was() -> None:
    voiced = Voiced.of(CHUNK, [Span(1.0, 2.0), Span(10.0, 12.0)])
    heard = [segment((0.2, 0.6, " Before,"), (0.7, 1.1, " still"), (1.2, 1.6, " after."))]
    assert times(list(voiced.placed(heard))) == [(1.2, 2.0, "Before, still"), (10.2, 10.6, "after.")]


def test_a_segment_without_words_keeps_its_own_times() -> None:
    voiced = Voiced.of(CHUNK, [Span(4.0, 9.0)])
    [placed] = voiced.placed([Segment(start=1.0, end=2.0, text=" All ", probability=0.5)])
    assert (placed.start, placed.end, placed.text, placed.words) == (5.0, 6.0, "All", ())


def test_a_word_without_text_is_left_out_and_its_segment_with_it() -> None:
    voiced = Voiced.of(CHUNK, [Span(0.0, 9.0)])
    assert list(voiced.placed([segment((1.0, 2.0, " "))])) == []
    [placed] = voiced.placed([segment((1.0, 2.0, " "), (2.0, 3.0, " word"))])
    assert [word.text for word in placed.words] == ["word"]


numbers = st.lists(st.floats(0.05, 3.0), min_size=1, max_size=6)


@given(numbers, numbers, st.lists(st.tuples(st.floats(0, 12), st.floats(0, 1)), min_size=1, max_size=30), st.integers(1, 5))
def test_whatever_is_heard_comes_out_in_order_and_in_its_part(
    lengths: list[float], pauses: list[float], said: list[tuple[float, float]], size: int
) -> None:
    spans, time = [], 0.0
    for length, pause in zip(lengths, pauses, strict=False):
        spans.append(Span(time + pause, time + pause + length))
        time = spans[-1].end
    voiced = Voiced.of(CHUNK, spans)
    words = [(start, start + length, f" {place}") for place, (start, length) in enumerate(said)]
    heard = [segment(*words[first : first + size]) for first in range(0, len(words), size)]
    placed = list(voiced.placed(heard))
    assert " ".join(segment.text for segment in placed).split() == [text.strip() for *_, text in words]
    flat = [word for segment in placed for word in segment.words]
    assert all(word.start <= word.end for word in flat)
    assert all(left.end <= right.start for left, right in pairwise(flat))
    for segment_ in placed:
        assert (segment_.start, segment_.end) == (segment_.words[0].start, segment_.words[-1].end)
        assert any(span.start <= segment_.start and segment_.end <= span.end for span in voiced.spans)
