"""What a text takes on a line, and between which characters a line may end."""

from __future__ import annotations

import re
import unicodedata

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Controls, halves of surrogate pairs and what is no character: most formats cannot hold them."""
_UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x0F00, 0x109F),  # Tibetan, Burmese
    (0x1780, 0x17FF),  # Khmer
    (0x2E80, 0x312F),  # radicals, ideographic punctuation, kana, bopomofo
    (0x31A0, 0x9FFF),  # Chinese characters and their kin
    (0xF900, 0xFAFF),
    (0xFF01, 0xFF9F),  # full-width forms, half-width kana
    (0x20000, 0x3FFFF),
)
"""Code points of scripts that put no space between words."""
_CLOSING = frozenset(
    ".,;:!?\u2026)]}%"
    "\u3001\u3002\u300b\u300d\u300f\u3011\u3015\uff01\uff09\uff0c\uff0e\uff1a\uff1b\uff1f\uff3d\uff5d\uff61\uff63\uff64"
    "\u3005\u30fb\u30fc\u3041\u3043\u3045\u3047\u3049\u3063\u3083\u3085\u3087\u30a1\u30a3\u30a5\u30a7\u30a9\u30c3\u30e3\u30e5\u30e7"
)
"""No line begins with one of these: closing marks, and what Japanese keeps with the character before it (JIS X 4051)."""
_OPENING = frozenset("([{\u00bf\u00a1\u300a\u300c\u300e\u3010\u3014\uff08\uff3b\uff5b\uff62")
"""No line ends with one of these."""


def plain(text: str) -> str:
    """The text on one line, single spaces between its words, without what no file should hold."""
    return " ".join(_UNSEEN.sub(" ", text).split())


def columns(text: str) -> int:
    """Columns of a fixed grid, as subtitles count: full-width characters take two, combining marks none (UAX #11)."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def unspaced(character: str) -> bool:
    """Whether its script puts no space between words."""
    point = ord(character)
    return any(first <= point <= last for first, last in _UNSPACED)


def may_part(before: str, after: str) -> bool:
    """Whether a line may end between two texts that no space divides."""
    left, right = before[-1], after[0]
    if left in _OPENING or right in _CLOSING or unicodedata.category(right).startswith("M"):
        return False
    return unspaced(left) or unspaced(right)


def is_closing(text: str) -> bool:
    """Whether it is nothing but what must not begin a line, such as the question mark that French sets apart."""
    return all(character in _CLOSING for character in text)
