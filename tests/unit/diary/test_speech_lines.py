"""Words keep their places and times when segments are laid out as one line."""

from __future__ import annotations

from diarist.diary.speech import listen
from diarist.domain.transcript import Segment, Transcript, Word


def _transcript(*segments: Segment) -> Transcript:
    return Transcript(duration=60.0, language="en", language_probability=None, engine="scripted", model="none", segments=segments)


def _segment(start: float, end: float, text: str, *words: tuple[str, float, float]) -> Segment:
    timed = tuple(Word(text=text, start=start, end=end, probability=0.9) for text, start, end in words)
    return Segment(start=start, end=end, text=text, probability=0.9, words=timed)


def test_a_citation_across_segments_quotes_their_joined_text_at_the_words_times() -> None:
    speech = listen(
        _transcript(
            _segment(1.0, 2.0, "I went to", ("I", 1.0, 1.1), ("went", 1.2, 1.5), ("to", 1.6, 2.0)),
            _segment(2.5, 4.0, "the lake today.", ("the", 2.5, 2.6), ("lake", 2.7, 3.1), ("today.", 3.2, 4.0)),
        )
    )

    citation = speech.cite(1, 4)

    assert citation.quote == "went to the lake"
    assert citation.segment_ids == (0, 1)
    assert (citation.start, citation.end) == (1.2, 3.1)


def test_words_that_the_engine_cut_apart_are_one_written_word_with_both_times() -> None:
    speech = listen(
        _transcript(_segment(0.0, 3.0, "twenty-two kids", ("twenty", 0.0, 0.5), ("-two", 0.5, 0.9), ("kids", 1.0, 1.5)))
    )

    assert [word.text for word in speech.words] == ["twenty-two", "kids"]
    assert (speech.words[0].start, speech.words[0].end) == (0.0, 0.9)


def test_without_words_a_quote_has_the_times_of_its_segment() -> None:
    speech = listen(_transcript(_segment(3.0, 9.0, "Nothing was timed here.")))

    citation = speech.cite(1, 2)

    assert citation.quote == "was timed"
    assert (citation.start, citation.end) == (3.0, 9.0)


def test_words_that_do_not_match_the_text_are_not_believed() -> None:
    other = listen(_transcript(_segment(3.0, 9.0, "Something else entirely.", ("Other", 3.0, 4.0), ("words", 4.0, 5.0))))
    holed = listen(_transcript(_segment(3.0, 9.0, "Something else entirely.", ("Something", 3.0, 4.0), ("entirely.", 4.0, 5.0))))

    assert {(word.start, word.end) for word in (*other.words, *holed.words)} == {(3.0, 9.0)}


def test_japanese_sentences_are_parted_though_no_space_parts_them() -> None:
    speech = listen(_transcript(_segment(0.0, 5.0, "\u4eca\u65e5\u306f\u6674\u308c\u3002\u5bd2\u3044\u3002")))

    assert [word.text for word in speech.words] == ["\u4eca\u65e5\u306f\u6674\u308c\u3002", "\u5bd2\u3044\u3002"]
