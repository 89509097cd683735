"""Nothing that somebody else wrote can steer the terminal."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from diarist.cli.terminal import safe


@given(st.text(st.characters(codec=None)))
def test_safe_text_is_one_line_without_control_characters_and_of_the_same_length(text: str) -> None:
    shown = safe(text)
    assert len(shown) == len(text)
    assert not {unicodedata.category(character) for character in shown} & {"Cc", "Cs"}
    assert len(shown.splitlines()) <= 1


def test_escape_newline_and_reversed_direction_become_visible() -> None:
    assert safe("a\x1b[2Jb\nc\u202ed") == "a\N{REPLACEMENT CHARACTER}[2Jb\N{REPLACEMENT CHARACTER}c\N{REPLACEMENT CHARACTER}d"


def test_words_and_emoji_of_every_script_stay() -> None:
    for text in ("мой день.opus", "日記 😀", "\N{ZERO WIDTH NON-JOINER}", "👩‍👩‍👧", "cafe\u0301"):
        assert safe(text) == text
