"""When two pieces of text name the same: written or spoken, with or without gaps, in capitals or not."""

from __future__ import annotations

import re

from diarist.domain.masking import Kind
from diarist.llm.masking.spoken_digits import as_digits

_NUMBERS = frozenset({Kind.PHONE, Kind.CARD, Kind.IBAN, Kind.ID, Kind.NUMBER})
_SPOKEN_MARKS = (
    (re.compile(r"\s+dot\s+"), "."),
    (re.compile(r"\s+at\s+"), "@"),
    (re.compile(r"\s+underscore\s+"), "_"),
    (re.compile(r"\s+(?:dash|hyphen)\s+"), "-"),
    (re.compile(r"\s+slash\s+"), "/"),
    (re.compile(r"\s+"), ""),
)


def identity(kind: Kind, original: str) -> str:
    """The same for all forms of one name or number; never empty."""
    plain = " ".join(original.casefold().split())
    if kind in _NUMBERS:
        return re.sub(r"[^0-9a-z+]", "", as_digits(plain)) or plain
    if kind in {Kind.EMAIL, Kind.URL}:
        for mark, written in _SPOKEN_MARKS:
            plain = mark.sub(written, plain)
    return plain or original
