"""Numbers of cards, bank accounts and documents, in figures; check digits decide where there are any."""

from __future__ import annotations

import re
from collections.abc import Iterable

from diarist.domain.masking import Kind
from diarist.llm.masking.checksums import iban, luhn
from diarist.llm.masking.detector import Finding

_CARD = re.compile(r"(?<![\w.-])(?:[2-6][0-9]{3}|1800)(?:[ -]?[0-9]){8,15}(?![\w]|[.-][0-9])")
_IBAN = re.compile(r"(?<![\w])[A-Z]{2}[0-9]{2}(?:[ -]?[A-Z0-9]){11,30}", re.IGNORECASE)
# The registry of ISO 13616: characters of an IBAN, and whose it is.
_REGISTRY = """
    15:NO 16:BE 18:DK,FI,FO,GL,NL,SD 19:MK,SI 20:AT,BA,EE,KZ,LT,LU,MN,XK 21:CH,HR,LI,LV 22:BG,BH,CR,DE,GB,GE,IE,ME,RS,VA
    23:AE,GI,IL,IQ,OM,SO,TL 24:AD,CZ,ES,MD,PK,RO,SA,SE,SK,TN,VG 25:LY,PT,ST 26:IS,TR 27:BI,DJ,FR,GR,IT,MC,MR,SM
    28:AL,AZ,BY,CY,DO,FK,GT,HU,LB,NI,PL,SV 29:BR,EG,PS,QA,UA 30:JO,KW,MU,YE 31:MT,SC 32:LC 33:RU
"""
_IBAN_LENGTHS = {
    country: int(length) for length, _, rest in (part.partition(":") for part in _REGISTRY.split()) for country in rest.split(",")
}
_SOCIAL_SECURITY = re.compile(r"(?<![\w.-])(?!000|666)[0-9]{3}([ -])(?!00)[0-9]{2}\1(?!0000)[0-9]{4}(?![\w]|-[0-9])")
_NATIONAL_INSURANCE = re.compile(r"(?<!\w)[A-Z]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D](?!\w)")
_DOCUMENT = re.compile(
    r"\b(?:passport|driving licen[cs]e|driver['\u2019]?s licen[cs]e|licen[cs]e number|id card|identity card|id number|tax id|"
    r"tax number|nhs number|national insurance|social security|insurance number|policy number|student id|matriculation)\b"
    r"[^.;\n0-9]{0,25}?(?<![A-Za-z0-9])"
    r"(?P<value>[A-Z]{0,3}[0-9][A-Z0-9]*(?:[ -](?=[A-Z]{0,2}[0-9])[A-Z0-9]+){0,6})(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_SHORTEST_DOCUMENT = 6
"""Figures and letters that the number of a document has at least."""


def find(text: str) -> Iterable[Finding]:
    """Find what names a person to a bank or a state."""
    for match in _CARD.finditer(text):
        if luhn(re.sub(r"[ -]", "", match[0])):
            yield Finding(*match.span(), Kind.CARD)
    for match in _IBAN.finditer(text):
        if (end := _end_of_iban(match[0])) is not None:
            yield Finding(match.start(), match.start() + end, Kind.IBAN)
    for pattern in (_SOCIAL_SECURITY, _NATIONAL_INSURANCE):
        yield from (Finding(*match.span(), Kind.ID) for match in pattern.finditer(text))
    for match in _DOCUMENT.finditer(text):
        if len(re.sub(r"[ -]", "", match["value"])) >= _SHORTEST_DOCUMENT:
            yield Finding(*match.span("value"), Kind.ID)


def _end_of_iban(candidate: str) -> int | None:
    """Where the IBAN at the start of the candidate ends: words may follow it without a mark between."""
    length = _IBAN_LENGTHS.get(candidate[:2].upper())
    places = [index for index, character in enumerate(candidate) if character not in " -"]
    if length is None or len(places) < length:
        return None
    return places[length - 1] + 1 if iban("".join(candidate[place] for place in places[:length])) else None
