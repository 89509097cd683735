import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.domain.audio import Span
from diarist.domain.transcript import Segment, Word
from diarist.transcription.clipping import clipped, heard_within


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


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        ((), (), "I went home, then."),
        (("and", "i"), ("then", "again"), "went home,"),
        (("went",), ("home",), "I went home, then."),
        (("i",), (), "went home, then."),
    ],
)
def test_a_word_at_the_border_that_echoes_its_neighbour_is_left_out(
    before: tuple[str, ...], after: tuple[str, ...], text: str
) -> None:
    (part,) = heard_within([segment("I went home, then.")], Span(0.0, 4.0), before, after)
    assert part.text == text
    assert len(part.words) == len(text.split())


def test_the_same_word_further_in_is_no_echo() -> None:
    (part,) = heard_within([segment("I went home, then.")], Span(-1.0, 5.0), ("i",), ("then",))
    assert part.text == "I went home, then."


def test_nothing_is_left_of_what_only_echoes() -> None:
    assert heard_within([segment("home")], Span(0.0, 1.0), ("home",), ()) == ()
    assert heard_within([segment("home")], Span(0.0, 1.0), ("home",), ("home",)) == ()
    bare = Segment(start=0.0, end=1.0, text="Home.", probability=0.9)
    assert heard_within([bare], Span(0.0, 1.0), (), ("home",)) == ()


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
