import pytest

from diarist.adapters.transcription_engines.phrases import phrases
from diarist.domain.transcript import Word


def spoken(*texts: str, pause_before: int = -1, pause: float = 0.0) -> list[Word]:
    """Half a second a word; a pause before one of them."""
    words, clock = [], 0.0
    for place, text in enumerate(texts):
        clock += pause if place == pause_before else 0.0
        words.append(Word(start=clock, end=clock + 0.5, text=text, probability=0.9))
        clock += 0.5
    return words


def grouped(words: list[Word]) -> list[str]:
    return ["".join(word.text for word in group).strip() for group in phrases(words)]


def test_a_sentence_is_a_phrase() -> None:
    assert grouped(spoken(" It", " rained.", " We", " went", " home!", ' "Why?"', " Because.")) == [
        "It rained.",
        "We went home!",
        '"Why?"',
        "Because.",
    ]


@pytest.mark.parametrize("words", [(" about", " 3.", " 5", " miles"), (" at", " 5", " p.m.", " or", " so"), (" Well...", " yes")])
def test_a_stop_before_a_small_letter_or_a_digit_ends_nothing(words: tuple[str, ...]) -> None:
    assert len(grouped(spoken(*words))) == 1


def test_a_pause_divides_a_sentence() -> None:
    words = (" I", " think", " so")
    assert grouped(spoken(*words, pause_before=1, pause=1.0)) == ["I", "think so"]
    assert grouped(spoken(*words, pause_before=1, pause=0.9)) == ["I think so"]


def test_no_words_are_no_phrase_and_none_is_lost() -> None:
    assert grouped([]) == []
    words = spoken(" One.", " Two.", " Three")
    assert [word for group in phrases(words) for word in group] == words
