"""Text without what is only written, so that it can be compared and counted in every script."""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import lru_cache

_UNSPACED = frozenset({"CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR"})
"""Scripts without spaces between words: each letter counts as a word."""
_SYLLABIC = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "ETHIOPIC"})
"""Scripts of which a letter is a syllable or more."""
_SYLLABLE = 3.0
"""Letters that a syllable takes in an alphabet, about: English words have 1.5 syllables and 4.7 letters."""


def bare_words(text: str) -> tuple[str, ...]:
    """The words in small letters, bare of punctuation."""
    words: list[str] = []
    for written in text.casefold().split():
        word = written if written.isalnum() else "".join(filter(_is_spoken, written))
        if word.isascii():
            words.extend([word] if word else [])
        else:
            words.extend(_in_pieces(word))
    return tuple(words)


def letters(text: str) -> float:
    """How long a text takes to say, as a number of letters of an alphabet."""
    if text.isascii():
        return float(sum(map(str.isalnum, text)))
    return sum(_SYLLABLE if _script(one) in _SYLLABIC else 1.0 for one in text if one.isalnum())


def script(text: str) -> str | None:
    """The script of most letters, such as `LATIN`; None without letters. Those of Chinese and Japanese are one."""
    if text.isascii():
        return "LATIN" if any(map(str.isalpha, text)) else None
    counts = Counter(_family(_script(one)) for one in text if one.isalpha())
    return max(counts, key=lambda name: (counts[name], name)) if counts else None


def _is_spoken(character: str) -> bool:
    """Letters, digits, and the signs that many scripts put round a letter."""
    return character.isalnum() or unicodedata.category(character).startswith("M")


def _family(name: str) -> str:
    return "CJK" if name in {"HIRAGANA", "KATAKANA"} else name


def _in_pieces(word: str) -> list[str]:
    """Each letter of an unspaced script by itself, and what stands between as it is."""
    pieces: list[str] = []
    joined = False
    for one in word:
        alone = _script(one) in _UNSPACED
        if joined and not alone:
            pieces[-1] += one
        else:
            pieces.append(one)
        joined = not alone
    return pieces


@lru_cache(maxsize=4096)
def _script(character: str) -> str:
    """The first word of the character's name in Unicode, which is its script if it is a letter."""
    return unicodedata.name(character, "").partition(" ")[0]
