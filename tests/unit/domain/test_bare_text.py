import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.domain.bare_text import bare_words, letters, script


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Well, I don\u2019t KNOW!", ("well", "i", "dont", "know")),
        ("Amara.org-Community", ("amaraorgcommunity",)),
        ("- ... ?", ()),
        ("ありがとう GPT4", ("あ", "り", "が", "と", "う", "gpt4")),
        ("नमस्ते दुनिया।", ("नमस्ते", "दुनिया")),
    ],
)
def test_words_are_bare_of_what_is_only_written(text: str, words: tuple[str, ...]) -> None:
    assert bare_words(text) == words


def test_a_letter_that_is_a_syllable_takes_as_long_as_three() -> None:
    assert letters("It's 5 o'clock.") == 10
    assert letters("谢谢") == 6
    assert letters("안녕") == 6
    assert letters("привет") == 6


@pytest.mark.parametrize(
    ("text", "written"),
    [("Hello", "LATIN"), ("Čau ahoj", "LATIN"), ("Он сказал OK", "CYRILLIC"), ("ラーメンを食べる", "CJK"), ("12:30", None)],
)
def test_the_script_is_that_of_most_letters(text: str, written: str | None) -> None:
    assert script(text) == written


@given(st.text())
def test_any_text_can_be_taken_apart_again_and_gives_the_same(text: str) -> None:
    words = bare_words(text)
    assert all(words)
    assert letters("".join(words)) >= 0
