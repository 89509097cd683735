"""Where people live: streets with a number, written or said, post boxes and post codes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from diarist.domain.masking import Kind
from diarist.domain.wordlist import words
from diarist.llm.masking.detector import Finding

_COUNTED = """
    one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen
    twenty thirty forty fifty sixty seventy eighty ninety oh zero hundred thousand
"""
_SAID = rf"(?:{'|'.join(_COUNTED.split())})"
_NUMBER = rf"(?:[0-9]{{1,5}}[a-z]?|{_SAID}(?:(?:[ \t]+and)?[ -]{_SAID}){{0,5}})"
_CLEAR = words("street st road rd avenue ave lane ln boulevard blvd terrace crescent mews parkway highway alley")
_OPEN = words("drive dr way close court ct place pl square sq gardens grove hill row park walk circle rise green yard wharf quay")
"""Kinds of streets that are words of other things too."""
_KIND = rf"(?:{'|'.join(sorted(_CLEAR | _OPEN))})"
_NAME = r"(?:[a-zà-ÿ][\w'\u2019-]*|[0-9]{1,3}(?:st|nd|rd|th))\.?"
_HOME = r"(?:(?:flat|apartment|apt|unit|suite|room)\.?[ \t]+\w{1,5},?[ \t]+)?"
_PROPER = r"[A-ZÀ-Ý][\w'\u2019-]+"
_PROPER_NAME = rf"{_PROPER}(?:[ \t]+{_PROPER}){{0,3}}"

_UK_CODE = r"[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}"
_TOWN = rf"(?:,[ \t]+{_PROPER_NAME})"
_FLOOR = r"(?:,?[ \t]+(?i:apartment|apt|flat|unit|suite)\.?[ \t]+#?\w{1,5})"
_CODE = rf"(?:,?[ \t]+(?:[A-Z]{{2}}[ \t]+[0-9]{{5}}(?:-[0-9]{{4}})?|[0-9]{{4,5}}(?!\w)|{_UK_CODE}))"
_REST = rf"(?:{_FLOOR})?(?:{_TOWN}){{0,2}}(?:{_CODE})?"
_CODE_AND_TOWN = rf"(?:,?[ \t]+[0-9]{{4,5}}[ \t]+{_PROPER})?"

_STREET = re.compile(
    rf"(?<![\w.,:/-])(?i:{_HOME}(?:number[ \t]+)?{_NUMBER},?[ \t]+(?P<name>(?:{_NAME}[ \t]+){{1,3}}?)(?P<kind>{_KIND}))"
    rf"(?![\w'\u2019])\.?{_REST}"
)
_GERMANIC = re.compile(
    r"(?<!\w)[A-ZÄÖÜ][\w-]*(?:straße|strasse|str\.|weg|platz|allee|gasse|ring|damm|ufer|straat|laan|plein|gracht|gatan|vägen|gade)"
    rf"[ \t]+[0-9]{{1,4}}[ \t]?[a-z]?(?!\w){_CODE_AND_TOWN}"
    rf"|(?<!\w)[A-ZÄÖÜ][\w-]+[ \t]+(?:Straße|Strasse|Weg|Platz|Allee|Gasse|Ring|Damm|Ufer)[ \t]+[0-9]{{1,4}}[a-z]?(?!\w)"
    rf"{_CODE_AND_TOWN}"
)
_LINK = r"(?:(?:de|du|des|la|le|les|del|della|delle|dei|di|do|da|dos|das)[ \t]+|[ld]['\u2019])"
_ROMANCE_KIND = (
    "(?i:rue|avenue|boulevard|chemin|quai|allée|via|viale|corso|piazza|calle|plaza|paseo|avenida|carrer|rua|travessa|largo|praça)"
)
_ROMANCE = re.compile(
    rf"(?<!\w)(?:[0-9]{{1,4}}(?:[ \t]?(?:bis|ter))?,?[ \t]+{_ROMANCE_KIND}[ \t]+{_LINK}{{0,3}}{_PROPER_NAME}"
    rf"|{_ROMANCE_KIND}[ \t]+{_LINK}{{0,3}}{_PROPER_NAME},?[ \t]+[0-9]{{1,4}}(?!\w))(?:,[ \t]+[0-9]{{4,5}})?(?:{_TOWN})?"
)
_BOX = re.compile(rf"(?<!\w)(?i:P\.?[ \t]?O\.?[ \t]?Box[ \t]+[0-9]{{1,6}}){_REST}")
_POST_CODE = re.compile(rf"(?<!\w){_UK_CODE}(?!\w)")
_CHARACTER = r"(?:[a-z0-9]|one|two|three|four|five|six|seven|eight|nine|oh|zero|double)"
_SPELLED_CODE = re.compile(
    r"\b(?:post[ -]?code|zip(?:[ -]?code)?)(?:[ \t]+(?:is|it['\u2019]?s|of|number)){0,2}[ \t]+"
    rf"(?P<value>{_CHARACTER}(?:[ \t,-]+{_CHARACTER}){{3,8}})(?!\w)",
    re.IGNORECASE,
)

_NO_NAME = words(_COUNTED) | words("""
    a about along and another any are around at be been behind busy by days degrees dirt down each empty euros every feet few for
    from had half her his hours i in into is it its kilometers kilometres km last least less long main many me meters metres miles
    minutes more most much my narrow next no not of off on one-way open or other our out over pages past people percent per pounds
    right same seconds some steps straight such than that the their them then there these they this those times to two-way under
    until up us very was way we wet were when where which while who wide with wrong years you your
    """)
_BEFORE_HOMES = re.compile(
    r"(?:\b(?:at|to|on|address|is|live|lives|lived|living|moved|near|outside|from|of|in)|^)[ \t]*\Z", re.IGNORECASE
)
_BEFORE = 20
"""Characters in which such words are looked for."""


class Addresses:
    """Finds postal addresses; the towns in them too where they are written after a comma."""

    name = "patterns"
    knows_names = False

    def reads(self, language: str | None) -> bool:
        del language
        return True

    def find(self, text: str) -> Iterable[Finding]:
        for match in _STREET.finditer(text):
            if _is_street(text, match):
                yield Finding(*match.span(), Kind.ADDRESS)
        for pattern in (_GERMANIC, _ROMANCE, _BOX, _POST_CODE):
            yield from (Finding(*match.span(), Kind.ADDRESS) for match in pattern.finditer(text))
        for match in _SPELLED_CODE.finditer(text):
            yield Finding(*match.span("value"), Kind.ADDRESS)


def _is_street(text: str, match: re.Match[str]) -> bool:
    """Judge by the name: two wrong turns down the road have a number and a road too, but no address."""
    name = match["name"].split()
    if any(word.strip(".").lower() in _NO_NAME for word in name):
        return False
    proper = all(word[0].isupper() or word[0].isdigit() for word in name)
    led_up_to = _BEFORE_HOMES.search(text, max(0, match.start() - _BEFORE), match.start()) is not None
    return proper or led_up_to or match["kind"].lower() in _CLEAR
