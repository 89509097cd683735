"""A window's text that is doubted is heard again; it is never lost without a word."""

from __future__ import annotations

from diarist.adapters.transcription_engines.trusted_windows import Hear, trusted
from diarist.adapters.transcription_engines.whisper_windows import WindowText
from diarist.domain.audio import Span
from diarist.domain.transcript import Segment, Word

CUTS = (Span(0.0, 10.0), Span(10.0, 20.0))


def read(text: str, start: float, *, silence: float = 0.0) -> WindowText:
    """Two words a second."""
    words = tuple(
        Word(start=start + place / 2, end=start + (place + 1) / 2, text=f" {word}", probability=0.8)
        for place, word in enumerate(text.split())
    )
    return WindowText(start, start + 10.0, text, words, -0.2, silence, 1.0, cut_off=False)


def outcome(second: WindowText, hear: Hear, *vocabulary: str) -> list[tuple[str, tuple[str, ...]]]:
    segments = trusted([read("I walked home.", 0.0), second], CUTS, hear, vocabulary, [])
    return [(one.text, one.suspicions) for one in segments]


def nothing(start: float, end: float) -> list[Segment]:
    assert (start, end) == (10.0, 20.0)
    return []


def rain(start: float, end: float) -> list[Segment]:
    return [Segment(start=start, end=end, text="It rained.", probability=0.9)]


def test_what_is_heard_again_stands_in_place_of_a_doubtful_text() -> None:
    assert outcome(read("It reigned.", 10.0, silence=0.6), rain) == [("I walked home.", ()), ("It rained.", ())]
    assert outcome(read("It reigned.", 10.0), rain)[1] == ("It reigned.", ())


def test_a_doubtful_text_that_is_not_heard_again_comes_under_suspicion() -> None:
    assert outcome(read("So am I. And you?", 10.0, silence=0.6), nothing)[1:] == [
        ("So am I.", ("unconfirmed",)),
        ("And you?", ("unconfirmed",)),
    ]
    echo = read("Grünwald.", 10.0, silence=0.6)
    assert outcome(echo, nothing, "Grünwald")[1:] == [("Grünwald.", ("vocabulary_echo", "unconfirmed"))]


def test_a_window_without_text_gives_none() -> None:
    assert outcome(read("", 10.0, silence=0.6), nothing) == [("I walked home.", ())]


def test_marks_without_a_word_are_nothing_heard() -> None:
    def marks(start: float, end: float) -> list[Segment]:
        return [Segment(start=start, end=end, text=". .", probability=0.9)]

    assert outcome(read("So am I.", 10.0, silence=0.6), marks)[1:] == [("So am I.", ("unconfirmed",))]
    assert outcome(read("...", 10.0, silence=0.6), nothing)[1:] == []


def replaced(second: WindowText, hear: Hear) -> list[tuple[str, tuple[str, ...]]]:
    record: list[Segment] = []
    list(trusted([read("I walked home.", 0.0), second], CUTS, hear, (), record))
    return [(one.text, one.suspicions) for one in record]


def test_a_text_that_gives_way_to_other_words_is_kept_for_the_record() -> None:
    assert replaced(read("It reigned. It poured.", 10.0, silence=0.6), rain) == [
        ("It reigned.", ("doubted",)),
        ("It poured.", ("doubted",)),
    ]


def test_what_stands_as_it_did_or_was_never_a_word_leaves_no_record() -> None:
    assert replaced(read("it rained", 10.0, silence=0.6), rain) == []
    assert replaced(read("...", 10.0, silence=0.6), rain) == []
    assert replaced(read("It reigned.", 10.0), rain) == []
    assert replaced(read("It reigned.", 10.0, silence=0.6), nothing) == []
