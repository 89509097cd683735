"""People whom patterns can tell: common given names, titles, and those who introduce themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable

from diarist.domain.given_names import ONLY_NAMES
from diarist.domain.masking import Kind
from diarist.domain.wordlist import words
from diarist.llm.masking.detector import Finding

_PART = r"[^\W\d_]+(?:[-'\u2019][^\W\d_]{2,})?"
_WORD = re.compile(_PART)
_SURNAMES = re.compile(rf"(?:[ \t]+(?:(?:van|von|de|der|den|di|da|del|la|bin|al|el)[ \t]+){{0,2}}(?=[A-ZÀ-Ý]){_PART}){{1,2}}")
_TITLED = re.compile(
    rf"\b(?P<title>mr|mrs|ms|miss|mister|dr|doctor|prof|professor|aunt|auntie|uncle|cousin|grandpa|grandma|granny|granddad|coach|nurse|"
    rf"sir|lady|captain|officer|judge|reverend|pastor|rabbi|father|sister|brother)\b\.?[ \t]+(?P<name>{_PART}(?:[ \t]+{_PART})?)",
    re.IGNORECASE,
)
_ALWAYS_NAMES = words("mr mrs ms mister dr prof")
"""Titles that stand before nothing but names, so that lower case is trusted too."""
_INTRODUCED = re.compile(
    r"\b(?:my (?:full )?name(?: is|['\u2019]s)|(?:his|her|their) name(?: is|['\u2019]s| was)|i(?:['\u2019]m| am) called)"
    rf"[ \t]+(?P<name>{_PART}(?:[ \t]+{_PART})?)"
    rf"|\bthis is[ \t]+(?P<speaking>{_PART}(?:[ \t]+{_PART})?)(?=[ \t]+(?:speaking|calling|recording)\b)",
    re.IGNORECASE,
)
_NO_NAME = words("""
    a about again also always an and are as at because been before but by calls came can could did does even ever for from
    gave going had has have he her here his how i if in is it just like made me my never no not now of off on once or our
    out really said says she since so still such that the their them then there they this to told too until was we went
    were what when where which while who will with would yes yesterday yet you your
    """)


def find(text: str) -> Iterable[Finding]:
    """Find a part of the names: what has no common given name, title or introduction is for an analyser."""
    for match in _WORD.finditer(text):
        word = match[0].lower()
        if word in ONLY_NAMES or word.partition("-")[0] in ONLY_NAMES:
            surname = _SURNAMES.match(text, match.end()) if match[0][0].isupper() else None
            yield Finding(match.start(), surname.end() if surname else match.end(), Kind.PERSON)
    for match in _TITLED.finditer(text):
        if (end := _end_of_name(match["name"], trusted=match["title"].lower() in _ALWAYS_NAMES)) > 0:
            yield Finding(match.start(), match.start("name") + end, Kind.PERSON)
    for match in _INTRODUCED.finditer(text):
        group = "name" if match["name"] else "speaking"
        if (end := _end_of_name(match[group], trusted=True)) > 0:
            yield Finding(match.start(group), match.start(group) + end, Kind.PERSON)


def _end_of_name(words: str, *, trusted: bool) -> int:
    """Characters of the words that are a name; 0 when the first is none."""
    end = 0
    for place, match in enumerate(re.finditer(r"\S+", words)):
        word = match[0].lower()
        proper = match[0][0].isupper() or word in ONLY_NAMES
        if not proper and (word in _NO_NAME or not trusted or (place > 0 and not words[0].islower())):
            break
        end = match.end()
    return end
