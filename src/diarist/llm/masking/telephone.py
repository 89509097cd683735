"""Telephone numbers in figures: international (E.164) and as they are written in one country."""

from __future__ import annotations

import re
from collections.abc import Iterable

from diarist.domain.masking import Kind
from diarist.llm.masking.detector import Finding

_CANDIDATE = re.compile(
    r"(?<![\w.,:/+-])(?P<number>(?:\+|\()?[0-9](?:[ .\-/()]{0,3}[0-9]){5,16})(?:,?[ ]?(?:x|ext\.?|extension)[ ]?[0-9]{1,6})?"
    r"(?!\w|[.,:][0-9])",
    re.IGNORECASE,
)
_DATE = re.compile(r"(?<!\d)(?:(?:19|20)\d\d[-./ ]\d{1,2}[-./ ]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](?:\d{4}|\d\d))(?!\d)")
_YEARS = re.compile(r"(?:19|20)\d\d(?:[ \-/.]+(?:19|20)\d\d)+")
_INTERNATIONAL = re.compile(r"\+|00[1-9]")
_NORTH_AMERICAN = re.compile(r"(?:1[ .-])?(?:\([2-9]\d\d\) ?|[2-9]\d\d[ .-])[2-9]\d\d[ .-]\d{4}")
_LOCAL = re.compile(r"[2-9]\d\d-\d{4}")
_THREES = re.compile(r"[1-9]\d\d([ -])\d{3}\1\d{3}")
_CUE = re.compile(
    r"\b(?:phone|telephone|tel|call|calling|called|ring|rang|dial|mobile|cell|text|texted|whatsapp|sms|number|reach|fax|line)\b",
    re.IGNORECASE,
)
_BEFORE = 40
"""Characters in which words are looked for that tell of a telephone."""
_E164 = range(7, 16)
_LOCAL_OR_LONGER = range(6, 16)
_NATIONAL = range(9, 13)


def find(text: str) -> Iterable[Finding]:
    """Find telephone numbers; a number of another shape counts when the words before it speak of one."""
    for match in _CANDIDATE.finditer(text):
        before = text[max(0, match.start() - _BEFORE) : match.start()]
        if _is_number(match["number"], asked=_CUE.search(before) is not None):
            yield Finding(*match.span(), Kind.PHONE)


def _is_number(written: str, *, asked: bool) -> bool:
    digits = len(re.findall(r"\d", written))
    if _INTERNATIONAL.match(written):
        return digits in _E164
    if _DATE.search(written) or _YEARS.fullmatch(written):
        return False
    if written.lstrip("(").startswith("0"):
        return digits in _NATIONAL or (asked and digits in _LOCAL_OR_LONGER)
    shaped = any(shape.fullmatch(written) for shape in (_NORTH_AMERICAN, _LOCAL, _THREES))
    return shaped or (asked and digits in _LOCAL_OR_LONGER)
