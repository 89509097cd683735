"""What servers answer becomes segments whose words spell their text."""

from __future__ import annotations

import json
from typing import Any

import pytest

from diarist.adapters.transcription_engines.language_names import language_code
from diarist.adapters.transcription_engines.openai_wire import read_answer, segments_of
from diarist.domain.audio import Span
from diarist.domain.transcript import Segment
from diarist.errors import EngineFailed

SENT = Span(100.0, 110.0)


def read(*segments: tuple[float, float, str], words: list[tuple[str, float, float]] | None = None, **more: Any) -> list[Segment]:
    answer = {
        "task": "transcribe",
        "language": "english",
        "duration": 10.0,
        "text": " ".join(text for _, _, text in segments),
        "segments": [{"id": 0, "start": start, "end": end, "text": text, **more} for start, end, text in segments],
        "words": [{"word": word, "start": start, "end": end} for word, start, end in words or []],
    }
    return answered(answer)


def answered(answer: dict[str, Any]) -> list[Segment]:
    return list(segments_of(read_answer(json.dumps(answer).encode()), SENT))


def words_of(segment: Segment) -> list[tuple[str, float, float]]:
    return [(word.text, word.start, word.end) for word in segment.words]


def test_bare_words_are_written_as_in_the_text() -> None:
    (segment,) = read(
        (0.5, 3, " Well, she said “No!”"), words=[("well", 0.5, 1), ("she", 1, 2), ("said", 2, 2.5), ("no", 2.5, 3)]
    )
    assert segment.text == "Well, she said “No!”"
    assert words_of(segment) == [
        ("Well,", 100.5, 101.0),
        (" she", 101.0, 102.0),
        (" said", 102.0, 102.5),
        (" “No!”", 102.5, 103.0),
    ]
    assert "".join(word.text for word in segment.words) == segment.text


def test_one_list_of_words_is_handed_out_to_its_segments() -> None:
    first, second = read(
        (0, 2, "Don't go."),
        (2, 4, " At 10:30?"),
        words=[(" Don't", 0, 1), (" go.", 1, 2), ("...", 2, 2), (" At", 2, 3), ("10:30", 3, 4)],
    )
    assert [word for word, _, _ in words_of(first)] == ["Don't", " go."]
    assert [word for word, _, _ in words_of(second)] == ["At", " 10:30?"]


def test_a_text_without_blanks_is_parted_between_its_words() -> None:
    (segment,) = read((0, 2, "你好、世界。"), words=[("你好", 0, 1), ("世界", 1, 2)])
    assert [word for word, _, _ in words_of(segment)] == ["你好", "、世界。"]


def test_words_that_say_something_else_are_left_out_and_the_next_segment_has_its_own() -> None:
    first, second = read((0, 2, "It was $20."), (2, 3, "Yes."), words=[("It", 0, 1), ("twenty", 1, 2), ("yes", 2, 3)])
    assert first.words == ()
    assert (first.start, first.end, first.text) == (100.0, 102.0, "It was $20.")
    assert words_of(second) == [("Yes.", 102.0, 103.0)]


def test_a_segment_of_marks_alone_has_no_words() -> None:
    assert read((0, 1, "♪"), words=[("yes", 2, 3)])[0].words == ()
    assert read((0, 1, "  ")) == []


def test_times_are_put_in_order_and_inside_of_what_was_sent() -> None:
    first, second = read((-1, 5, "a b"), (4, 99, "c"), words=[("a", -1, 2), ("b", 1, 5), ("c", 4, 99)])
    assert words_of(first) == [("a", 100.0, 102.0), (" b", 102.0, 105.0)]
    assert words_of(second) == [("c", 105.0, 110.0)]
    assert (second.start, second.end) == (105.0, 110.0)


def test_beliefs_are_taken_where_they_are_given() -> None:
    (segment,) = read(
        (0, 1, "a"), words=[("a", 0, 1)], avg_logprob=-0.5, no_speech_prob=0.25, compression_ratio=0.9, temperature=0.2
    )
    assert segment.probability == segment.words[0].probability == pytest.approx(0.60653, abs=1e-5)
    assert (segment.no_speech_probability, segment.compression_ratio, segment.temperature) == (0.25, 0.9, 0.2)
    (bare,) = read((0, 1, "a"))
    assert (bare.probability, bare.no_speech_probability, bare.words) == (1.0, 0.0, ())


def test_words_may_stand_in_their_segment_with_probabilities() -> None:
    words = [
        {"word": " a", "start": 0, "end": 0.5, "probability": 0.7},
        {"word": " b", "start": 0.5, "end": 1, "probability": 0.8},
    ]
    (segment,) = answered({"text": "a b", "segments": [{"start": 0, "end": 1, "text": "a b", "words": words}]})
    assert [word.probability for word in segment.words] == [0.7, 0.8]


NONSENSE = [b"", b"<html>", b"[]", b'{"text": 3}', b'{"segments": []}', b'{"text": "a", "words": 1}', b"\xff"]


@pytest.mark.parametrize("body", NONSENSE)
def test_what_is_no_answer_is_refused(body: bytes) -> None:
    with pytest.raises(EngineFailed, match="not what a transcription looks like"):
        read_answer(body)


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("english", "en"),
        ("English", "en"),
        ("de", "de"),
        ("pt-BR", "pt"),
        ("zh_TW", "zh"),
        ("haitian creole", "ht"),
        ("cantonese", "yue"),
        ("klingon", None),
        ("", None),
        (None, None),
    ],
)
def test_languages_are_told_by_code(told: str | None, code: str | None) -> None:
    assert language_code(told) == code
