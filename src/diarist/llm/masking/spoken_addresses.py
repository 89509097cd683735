"""E-mail and web addresses as they are said: "anna dot schmidt at gmail dot com"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from diarist.domain.masking import Kind
from diarist.domain.wordlist import words
from diarist.llm.masking.detector import Finding

_GAP = r"[ \t]{1,3}"
_DOT = rf"(?:{_GAP}(?:dot|point){_GAP}|\.)"
_WORD = r"[a-z0-9][a-z0-9-]*"
_TOP = r"(?:com|org|net|edu|gov|io|dev|app|info|me|tv|ai|eu|de|fr|it|es|nl|ch|at|se|pl|ie|pt|us|ca|au|nz|in|jp|uk)"
_HOST = rf"(?:{_WORD}{_GAP}(?:(?:dash|hyphen){_GAP})?){{0,2}}?{_WORD}"
_DOMAIN = rf"{_HOST}(?:{_DOT}{_WORD}){{0,2}}?{_DOT}{_TOP}(?:{_DOT}{_TOP})?(?![\w-])"
_JOINT = rf"(?:{_GAP}(?:dot|point|underscore|dash|hyphen|minus|plus){_GAP}|[._+-])"
_LOCAL = re.compile(
    rf"(?<![\w.@-])(?:{_WORD}{_GAP}){{0,3}}{_WORD}(?:{_JOINT}{_WORD}){{0,6}}(?:{_GAP}{_WORD}){{0,2}}\Z", re.IGNORECASE
)
_AT_DOMAIN = re.compile(rf"(?:{_GAP}(?:at|@){_GAP}|@){_DOMAIN}", re.IGNORECASE)
_PATH = rf"(?:{_GAP}(?:forward{_GAP})?slash{_GAP}{_WORD}|/[\w./-]+){{0,4}}"
_WWW = re.compile(rf"(?<!\w)(?:www|w{_GAP}w{_GAP}w|triple{_GAP}w){_DOT}{_DOMAIN}{_PATH}", re.IGNORECASE)
_HOST_BEFORE = re.compile(rf"(?<![\w.@-])(?:{_WORD}{_GAP}){{0,2}}{_WORD}\Z", re.IGNORECASE)
_DOT_TOP = re.compile(
    rf"{_GAP}dot{_GAP}(?:com|org|net|edu|gov|io|dev|app|info|co{_GAP}dot{_GAP}uk)(?![\w-]){_PATH}", re.IGNORECASE
)
_BEFORE = 80
"""Characters in which the first half of an address is looked for; without a limit, nonsense takes the square of its length."""
_NOT_IN_THEM = words("""
    a address all am an and are as at be but by called contact email e-mail emails for found from go have her his i i'm if
    in is it its it's looked mail me my new of on or our over please read reach saw send sent she site so that the their
    them then this to up us use visit was website we went which with write wrote you your
    """)


def find(text: str) -> Iterable[Finding]:
    """Find what would be written with dots and an at sign."""
    for second, first, kind in ((_AT_DOMAIN, _LOCAL, Kind.EMAIL), (_DOT_TOP, _HOST_BEFORE, Kind.URL)):
        for match in second.finditer(text):
            before = first.search(text, max(0, match.start() - _BEFORE), match.start())
            if before is not None and (skipped := _leading(before[0])) < len(before[0]):
                yield Finding(before.start() + skipped, match.end(), kind)
    for match in _WWW.finditer(text):
        yield Finding(*match.span(), Kind.URL)


def _leading(words: str) -> int:
    """Characters up to the end of the last word that belongs to the sentence rather than to the address."""
    ends = [match.end() for match in re.finditer(r"\S+[ \t]*", words) if match[0].strip().lower() in _NOT_IN_THEM]
    return max(ends, default=0)
