"""Numbers that are said digit by digit: "oh seven seven double oh nine"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from diarist.domain.masking import Kind
from diarist.domain.wordlist import words
from diarist.llm.masking.checksums import luhn
from diarist.llm.masking.detector import Finding

DIGITS = {
    "zero": "0",
    "oh": "0",
    "o": "0",
    "nought": "0",
    "naught": "0",
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
}
_TIMES = {"double": 2, "triple": 3, "treble": 3}
_WIDER = words("""
    ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty
    ninety hundred thousand
    """)

_DIGIT = rf"(?:{'|'.join(DIGITS)}|[0-9])"
_GAP = r"(?:[ \t]*[,\-\u2013][ \t]*|[ \t]+)"
_STEP = rf"(?:(?:double|triple|treble)[ \t]+)?{_DIGIT}\b"
_RUN = re.compile(
    rf"(?<![\w.@'\u2019-])(?:plus[ \t]+)?{_STEP}(?:{_GAP}(?:{_STEP}|(?:{'|'.join(sorted(_WIDER))})\b))*(?!['\u2019\w@])",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"[a-z]+|[0-9]", re.IGNORECASE)
_LETTERS_BEFORE = re.compile(r"(?<!\w)(?:[a-z][ \t]+){1,3}\Z", re.IGNORECASE)

FEWEST = 5
"""Digits in a row that are taken for a number of somebody's; fewer are counting, or a score."""
FEWEST_ASKED = 3
"""The same where the words before speak of a number, and some of it is said otherwise ("nine hundred")."""
_PHONE_DIGITS = range(7, 16)
_SURELY_PHONE = 9
"""Digits from which on no code is expected."""

_OF_PHONES = re.compile(r"\b(?:phone|mobile|cell|call|ring|text|dial|whatsapp|reach|fax|telephone|number)\b", re.IGNORECASE)
_OF_IDS = re.compile(r"\b(?:passport|social|licen[cs]e|insurance|identity|tax|nhs)\b", re.IGNORECASE)
_OF_CODES = re.compile(r"\b(?:pin|code|account|password|combination|sort|order|reference|ends?|ending)\b", re.IGNORECASE)
_BEFORE = 40
"""Characters in which such words are looked for."""


def as_digits(text: str) -> str:
    """The text with words for digits as digits: "oh seven double two" gives "0 7 22"."""
    times = 1
    written: list[str] = []
    for word in text.split():
        bare = word.strip(",.-\u2013")
        if bare.lower() in _TIMES:
            times = _TIMES[bare.lower()]
            continue
        digit = DIGITS.get(bare.lower())
        written.append((digit or word) * times if digit or len(word) == 1 else word)
        times = 1
    return " ".join(written).replace("plus ", "+")


def find(text: str) -> Iterable[Finding]:
    """Find numbers said digit by digit, and tell by the words before what they are."""
    for match in _RUN.finditer(text):
        tokens = [token.lower() for token in _TOKEN.findall(match[0])]
        kind = _kind(as_digits(" ".join(tokens)), tokens, text[max(0, match.start() - _BEFORE) : match.start()])
        if kind is None:
            continue
        letters = _LETTERS_BEFORE.search(text, max(0, match.start() - _BEFORE), match.start()) if kind is Kind.ID else None
        yield Finding(letters.start() if letters else match.start(), match.end(), kind)


def _kind(written: str, tokens: list[str], before: str) -> Kind | None:
    """What it is, if it is one at all."""
    digits = re.sub(r"[^0-9]", "", written)
    length = len(digits) + sum(token in _WIDER for token in tokens)
    phone = _OF_PHONES.search(before) is not None or "plus" in tokens
    fewest = FEWEST_ASKED if phone else FEWEST
    if len(digits) < fewest or length < FEWEST or (_counting(digits) and not phone):
        return None
    if _OF_IDS.search(before):
        return Kind.ID
    if luhn(digits):
        return Kind.CARD
    code = _OF_CODES.search(before) is not None and length < _SURELY_PHONE
    return Kind.PHONE if length in _PHONE_DIGITS and not code else Kind.NUMBER


def _counting(digits: str) -> bool:
    return digits in "0123456789" or digits in "9876543210"
