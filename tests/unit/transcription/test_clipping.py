import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.domain.audio import Span
from diarist.domain.transcript import Segment, Word
from diarist.transcription.clipping import clipped


def segment(text: str, *words: str) -> Segment:
    """A word a second."""
    timed = tuple(
        Word(start=float(place), end=place + 1.0, text=word, probability=0.9) for place, word in enumerate(words or text.split())
    )
    return Segment(start=0.0, end=float(len(timed)), text=text, probability=0.9, words=timed)


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (Span(0.0, 4.0), "I went home, then."),
        (Span(1.0, 3.0), "went home,"),
        (Span(0.6, 3.4), "went home,"),
        (Span(3.2, 9.0), "then."),
        (Span(5.0, 9.0), None),
    ],
)
def test_words_belong_where_their_middle_is(span: Span, text: str | None) -> None:
    part = clipped(segment("I went home, then."), span)
    assert (part.text if part else None) == text
    if part:
        assert span.start <= part.start <= part.words[0].start
        assert part.words[-1].end <= part.end <= span.end


def test_text_without_spaces_stays_without() -> None:
    part = clipped(segment("私は家に帰った", "私は", "家に", "帰った"), Span(1.0, 3.0))
    assert part
    assert part.text == "家に帰った"


def test_words_that_are_not_in_the_text_are_joined_by_spaces() -> None:
    part = clipped(segment("35 euros", "thirty", "five", "euros"), Span(1.0, 3.0))
    assert part
    assert part.text == "five euros"


def test_a_segment_without_words_is_kept_whole_or_not_at_all() -> None:
    bare = Segment(start=2.0, end=4.0, text="I went home.", probability=0.9)
    kept = clipped(bare, Span(2.5, 9.0))
    assert kept
    assert (kept.text, kept.start, kept.end) == ("I went home.", 2.5, 4.0)
    assert clipped(bare, Span(3.5, 9.0)) is None


@given(st.lists(st.text(min_size=1, max_size=4), min_size=1, max_size=6), st.floats(0, 6), st.floats(0, 6))
def test_whatever_is_cut_lies_within(words: list[str], one: float, other: float) -> None:
    span = Span(min(one, other), max(one, other))
    part = clipped(segment(" ".join(words), *words), span)
    if part:
        assert span.start <= part.start <= part.end <= span.end
        assert all(word.text in part.text for word in part.words)
