"""What texts are compared by: words without case, punctuation, and the many ways to write a number."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from diarist.evaluation.numbers import number_at

RULES = (
    "Unicode NFKC, small letters, no punctuation, no apostrophes; hyphens divide; Mr, Mrs, Dr in full; %, & and currency signs "
    "as words; English numbers in digits; scripts without spaces by character."
)
"""For whoever reads a word error rate."""

_WORDS = {"%": " percent ", "&": " and "}
_CURRENCIES = {"$": "dollars", "€": "euros", "£": "pounds"}
_TITLES = {"mr": "mister", "mrs": "missus", "dr": "doctor"}
_PRICE = re.compile(r"([$€£])(\d(?:[\d.,]*\d)?)")
_APOSTROPHES = re.compile("['\N{RIGHT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}]")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_POINT = re.compile(r"(?<=\d)\.(?=\d)")
_UNSPACED = re.compile("([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff])")
"""Thai, Lao, Burmese, Khmer, Japanese and Chinese: no spaces between words."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word for comparison, and which of the written words it is made of."""

    text: str
    first: int
    last: int


def tokens(words: Sequence[str]) -> list[Token]:
    """What written words are compared by; `first` and `last` are places in `words`."""
    pieces = [(piece, place) for place, word in enumerate(words) for piece in _pieces(word)]
    return list(_with_numbers([piece for piece, _ in pieces], [place for _, place in pieces]))


def _with_numbers(texts: Sequence[str], places: Sequence[int]) -> Iterator[Token]:
    at = 0
    while at < len(texts):
        text, count = number_at(texts, at) or (texts[at], 1)
        yield Token(text, places[at], places[at + count - 1])
        at += count


@lru_cache(maxsize=50_000)
def _pieces(word: str) -> tuple[str, ...]:
    text = unicodedata.normalize("NFKC", word).casefold()
    text = _PRICE.sub(lambda price: f"{price[2]} {_CURRENCIES[price[1]]} ", text)
    text = _POINT.sub(" point ", _THOUSANDS.sub("", _APOSTROPHES.sub("", text)))
    for sign, name in _WORDS.items():
        text = text.replace(sign, name)
    # Letters, marks (the vowels of many scripts) and numbers.
    text = "".join(character if unicodedata.category(character)[0] in "LMN" else " " for character in text)
    return tuple(_TITLES.get(piece, piece) for piece in _UNSPACED.sub(r" \1 ", text).split())
