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
_LINK = r"(?:(?:de|du|des|la|le|les|los|las|del|della|delle|dei|di|do|da|dos|das)[ \t]+|[ld]['\u2019])"
_PROPER = r"(?:St\.?[ \t]+)?[A-ZÀ-Ý][\w'\u2019-]+"
_PROPER_NAME = rf"{_PROPER}(?:[ \t]+{_LINK}{{0,2}}{_PROPER}){{0,3}}"

# Of the United Kingdom, Canada and Ireland.
_LETTERED_CODE = (
    r"(?:[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}"
    r"|[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9]"
    r"|[A-Z][0-9]{2} ?(?=[0-9]*[A-Z])(?=[A-Z]*[0-9])[A-Z0-9]{4})"
)
_TOWN = rf"(?:,[ \t]+{_PROPER_NAME})"
_FLOOR = r"(?:,?[ \t]+(?i:apartment|apt|flat|unit|suite)\.?[ \t]+#?\w{1,5})"
_STATE_CODE = r"(?:,?[ \t]+[A-Z]{2,3},?[ \t]+[0-9]{4,5}(?:-[0-9]{4})?(?!\w))"
_COUNTRY_CODE = rf"(?:(?:,?[ \t]+[A-Z]{{2}})?,?[ \t]+{_LETTERED_CODE}(?!\w))"
_CODE = rf"(?:{_STATE_CODE}|{_COUNTRY_CODE}|,?[ \t]+[0-9]{{4,5}}(?!\w))"
_REST = rf"(?:{_FLOOR})?(?:{_TOWN}){{0,2}}(?:{_CODE})?"
_CODE_AND_TOWN = (
    rf"(?:,?[ \t]+(?:[0-9]{{4}}[ -]?(?:[A-Z]{{2}}|[0-9]{{3}})|[0-9]{{4,5}}),?[ \t]+{_PROPER_NAME}(?:[ \t]+\([A-Z]{{2}}\))?)"
)

_STREET = re.compile(
    rf"(?<![\w.,:/-])(?i:{_HOME}(?:number[ \t]+)?{_NUMBER},?[ \t]+(?P<name>(?:{_NAME}[ \t]+){{1,3}}?)(?P<kind>{_KIND}))"
    rf"(?![\w'\u2019])\.?{_REST}"
)
# Whatever the street is called: a town and a code after it tell enough.
_HOUSE_BEFORE = r"[0-9]{1,5}(?:/[0-9]{1,4})?[a-zA-Z]?[ \t]+"
_IN_IT = r"(?:(?i:flat|apartment|apt|unit|suite|studio|level)[ \t]+\w{1,5},?[ \t]+)"
_TO_A_CODE = re.compile(
    rf"(?<![\w.,:/-])(?:{_IN_IT}?{_HOUSE_BEFORE}{_PROPER_NAME}{_FLOOR}?{_TOWN}{{0,2}}{_STATE_CODE}"
    rf"|{_IN_IT}?(?:{_HOUSE_BEFORE})?{_PROPER_NAME}{_FLOOR}?{_TOWN}{{0,2}}{_COUNTRY_CODE})"
)
_HOUSE = r"[0-9]{1,4}(?:[ \t]?[-/][ \t]?[0-9]{1,4})?[ \t]?[a-z]?(?!\w)"
_GERMANIC = re.compile(
    r"(?<![\w-])[A-ZÄÖÜ][\w-]*[ \t]?(?:"
    rf"(?:[Ss]traße|[Ss]trasse|[Ss]tr\.|[Ww]eg|[Pp]latz|[Aa]llee|[Gg]asse|straat|gracht|gatan|vägen)"
    rf"[ \t]+{_HOUSE}{_CODE_AND_TOWN}?"
    rf"|(?:[Rr]ing|[Dd]amm|[Uu]fer|laan|plein|gade|kade|dijk|singel|hof|pad)[ \t]+{_HOUSE}{_CODE_AND_TOWN})"
)
_ROMANCE_KIND = (
    "(?:Via|(?i:rue|avenue|boulevard|chemin|quai|allée|viale|corso|piazza|strada|borgo|vicolo|contrada|rotonda|incrocio|"
    "calle|plaza|paseo|avenida|camino|pasaje|rambla|glorieta|cuesta|carrer|ronda|rua|travessa|largo|praça|praceta|alameda|rotunda))"
)
_ROMANCE_NAME = rf"{_ROMANCE_KIND}[ \t]+{_LINK}{{0,3}}{_PROPER_NAME}"
_ROMANCE_FLOOR = r"(?:,?[ \t]+(?:\w+\.?[ \t]+)?[0-9]{1,3}[º°ª]?(?:[ \t]?[A-Za-z])?(?!\w))"
_ROMANCE_END = rf"(?:{_CODE_AND_TOWN}|{_TOWN})?"
_ROMANCE = re.compile(
    rf"(?<!\w)(?:[0-9]{{1,4}}(?:[ \t]?(?:bis|ter))?,?[ \t]+{_ROMANCE_NAME}{_ROMANCE_END}"
    rf"|{_ROMANCE_NAME},?[ \t]+[0-9]{{1,4}}(?!\w){_ROMANCE_FLOOR}?{_ROMANCE_END}"
    rf"|{_ROMANCE_NAME}{_CODE_AND_TOWN})"
)
_BOX = re.compile(rf"(?<!\w)(?i:P\.?[ \t]?O\.?[ \t]?Box[ \t]+[0-9]{{1,6}}){_REST}")
_POST_CODE = re.compile(rf"(?<!\w){_LETTERED_CODE}(?!\w)")
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


def find(text: str) -> Iterable[Finding]:
    """Find postal addresses; the towns in them too where they are written after a comma."""
    for match in _STREET.finditer(text):
        if _is_street(text, match):
            yield Finding(*match.span(), Kind.ADDRESS)
    for pattern in (_TO_A_CODE, _GERMANIC, _ROMANCE, _BOX, _POST_CODE):
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
