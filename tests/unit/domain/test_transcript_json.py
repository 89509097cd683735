"""Segments survive being written as JSON."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from diarist.domain.transcript import Segment, Word
from diarist.domain.transcript_json import segment_from_json, segment_to_json

seconds = st.floats(0, 1e6)
shares = st.floats(0, 1)
words = st.builds(Word, start=seconds, end=seconds, text=st.text(), probability=shares)
segments = st.builds(
    Segment,
    start=seconds,
    end=seconds,
    text=st.text(),
    probability=shares,
    words=st.lists(words, max_size=4).map(tuple),
    no_speech_probability=shares,
    compression_ratio=seconds,
    temperature=shares,
)


@given(segments)
def test_a_segment_comes_back_as_it_was(segment: Segment) -> None:
    assert segment_from_json(json.loads(json.dumps(segment_to_json(segment)))) == segment


def test_what_is_not_there_takes_its_default() -> None:
    value = {"start": 1.0, "end": 2.0, "text": "Hello.", "probability": 0.5}
    assert segment_from_json(value) == Segment(start=1.0, end=2.0, text="Hello.", probability=0.5)
