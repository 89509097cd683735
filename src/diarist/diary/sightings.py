"""Finds the places where somebody may be meant: by relation ("my sister"), by title ("Dr. Patel"), by name."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from diarist.diary.english import DETERMINERS
from diarist.diary.kinship import FORMAL_KIN, KIN_ADJECTIVES, KIN_NAMES, NAME_TITLES, RELATED
from diarist.diary.names import (
    NEVER_LAST,
    NEVER_NAMES,
    UNMISTAKABLE,
    bare,
    closes,
    display,
    expected_length,
    full_length,
    is_acronym,
    is_capital,
)
from diarist.diary.not_people import NOT_PEOPLE, PLACE_LEADS
from diarist.diary.speech import Spoken
from diarist.diary.utterances import Utterance
from diarist.domain.given_names import ALSO_WORDS, GIVEN_NAMES
from diarist.domain.wordlist import words as words_of

OWN = frozenset({"my", "our"})
POSSESSIVES = words_of("my our his her their your")
ABBREVIATED_TITLES = words_of("dr mr mrs ms prof")
HE_OR_SHE = words_of("he she him her his he's she's he'll she'll he'd she'd")
MEETING = frozenset({"to", "with", "for", "by"})
BEING = words_of("is was it's that's are were be been")
POINTING = DETERMINERS - POSSESSIVES

# Done by people only, right after a name.
PERSON_VERBS = words_of(
    """
    said says told tells asked asks thinks thought wants wanted knows knew feels felt came went called calls texted wrote
    emailed laughed cried smiled promised agreed offered brought gave loves likes hates helped looked looks talked spoke showed
    left sat picked met suggested explained mentioned apologised apologized decided hugged kissed lives works married
    """
)
# Done to or with people, right before a name.
PERSON_LEADS = words_of(
    """
    ask asked asking tell told telling call called calling thank thanked meet met meeting saw see seeing with help helped visit
    visited text texted email emailed miss love invited invite named hug hugged kissed remind pay owe owes joined phone phoned
    """
)
# Evidence, in points; a name needs ENOUGH of them.
KNOWN, ALSO_A_WORD, ALSO_A_PLACE = 2.0, 1.0, 0.75
CAPITAL, DOES, DONE_TO, RECALLED = 0.5, 1.0, 1.0, 1.0
PLACED, DETERMINED = -2.0, -2.0
ENOUGH = 1.5


@dataclass(frozen=True, slots=True)
class Sighting:
    """One place where somebody may be meant."""

    key: str
    """What makes two sightings one person, lower case."""
    name: str
    utterance: int
    until: int
    """The kept word after the last that belongs to it."""
    evidence: float = ENOUGH
    """Of being a person."""
    relation: str | None = None
    """What the person is to the speaker."""


def sightings(utterance: Utterance, lower: Collection[str], *, cased: bool) -> Iterator[Sighting]:
    """Everybody who may be meant in an utterance; `lower` has the words that are written small somewhere.

    `cased` tells whether the engine writes capitals at all.
    """
    index = 0
    while index < len(utterance.kept):
        found = (
            _kin(utterance, index, cased=cased)
            or _related(utterance, index, cased=cased)
            or _titled(utterance, index, cased=cased)
            or _named(utterance, index, lower, cased=cased)
        )
        if found is not None:
            yield found
        index = found.until if found is not None else index + 1


def _kin(utterance: Utterance, index: int, *, cased: bool) -> Sighting | None:
    """Find "Mom said", but neither "a mom" nor "his mom"; "Grandma Rose" is a title and a name."""
    words = utterance.kept
    plain, before = bare(words[index]), words[index - 1].plain if index else ""
    if plain not in KIN_NAMES or plain in FORMAL_KIN or before in DETERMINERS or before.endswith("'s"):
        return None
    if not closes(words[index]) and expected_length(words, index + 1, cased=cased):
        return None
    relation = KIN_NAMES[plain]
    return Sighting(relation, display(words[index : index + 1]), utterance.index, index + 1, relation=relation)


def _related(utterance: Utterance, index: int, *, cased: bool) -> Sighting | None:
    """Find "my sister", "my little sister Anna", "our neighbour, Mr. Kent"; of other people's relations only the named."""
    words = utterance.kept
    owner = words[index].plain
    if owner not in POSSESSIVES and not owner.endswith("'s"):
        return None
    place = index + 1
    while place < len(words) and words[place].plain in KIN_ADJECTIVES:
        place += 1
    if place >= len(words) or bare(words[place]) not in RELATED:
        return None
    said = bare(words[place])
    relation = KIN_NAMES.get(said, said) if owner in OWN else None
    if not words[place].text.endswith((".", "?", "!")) and place + 1 < len(words):
        titled = _titled(utterance, place + 1, cased=cased)
        if titled is not None:
            return Sighting(titled.key, titled.name, utterance.index, titled.until, relation=relation)
        until = place + 1 + expected_length(words, place + 1, cased=cased)
        if until > place + 1:
            name = display(words[place + 1 : until])
            return Sighting(name.lower(), name, utterance.index, until, relation=relation)
    if relation is None:
        return None
    as_name = said in KIN_NAMES and said not in FORMAL_KIN
    name = said.capitalize() if as_name else f"{owner.capitalize()} {said}"
    return Sighting(relation, name, utterance.index, place + 1, relation=relation)


def _titled(utterance: Utterance, index: int, *, cased: bool) -> Sighting | None:
    """Find "Dr. Patel" and "Uncle Ray"."""
    words = utterance.kept
    if index + 1 >= len(words) or words[index].plain not in NAME_TITLES:
        return None
    title, name = words[index], words[index + 1]
    if closes(title) and not (title.plain in ABBREVIATED_TITLES and title.text.endswith(".")):
        return None
    if bare(name) in NEVER_LAST - GIVEN_NAMES or not name.plain:
        return None
    known = title.plain in ABBREVIATED_TITLES or bare(name) in UNMISTAKABLE
    if not (is_capital(title) and is_capital(name) if cased else known):
        return None
    until = index + 1 + full_length(words, index + 1, cased=cased)
    shown = f"{title.text[:1].upper()}{title.text[1:]} {display(words[index + 1 : until])}"
    return Sighting(shown.lower().replace(".", ""), shown, utterance.index, until)


def _named(utterance: Utterance, index: int, lower: Collection[str], *, cased: bool) -> Sighting | None:
    """Find a given name that is known, or a capitalised word that behaves like one."""
    words = utterance.kept
    word, plain = words[index], bare(words[index])
    if plain in NEVER_NAMES or not plain.replace("-", "").replace("'", "").isalpha():
        return None
    if not cased:
        return Sighting(plain, plain.capitalize(), utterance.index, index + 1) if plain in UNMISTAKABLE else None
    if not is_capital(word) or is_acronym(word) or (plain in lower and plain not in GIVEN_NAMES):
        return None
    until = index + full_length(words, index, cased=cased)
    name = display(words[index:until])
    evidence = _by_itself(words, index, until) + _by_company(words, index, until)
    return Sighting(name.lower(), name, utterance.index, until, evidence)


def _by_itself(words: Sequence[Spoken], index: int, until: int) -> float:
    plain = bare(words[index])
    # Every sentence begins with a capital.
    evidence = CAPITAL if index else 0.0
    if plain in NOT_PEOPLE:
        return evidence + ALSO_A_PLACE
    if plain in ALSO_WORDS:
        return evidence + ALSO_A_WORD
    if plain in GIVEN_NAMES:
        return evidence + KNOWN
    # Several capitals in a row are more often a company or a title.
    return evidence if until - index == 1 else 0.0


def _by_company(words: Sequence[Spoken], index: int, until: int) -> float:
    # "I talked to Anise and she said": somebody was named before the "she", and nobody else was.
    met = index > 0 and words[index - 1].plain in MEETING
    recalled = met and HE_OR_SHE & {word.plain for word in words[until:]}
    evidence = RECALLED if recalled and not HE_OR_SHE & {word.plain for word in words[:index]} else 0.0
    if until < len(words) and words[until].plain in PERSON_VERBS and not closes(words[until - 1]):
        evidence += DOES
    if index == 0:
        return evidence
    before = words[index - 1]
    # "it's called Rodolfo's" names a thing.
    done_to = before.plain in PERSON_LEADS and not (index > 1 and words[index - 2].plain in BEING)
    evidence += DONE_TO * done_to + PLACED * (before.plain in PLACE_LEADS)
    # "the Hartwell offer", "IBM Watson"
    maker = is_capital(before) and not closes(before) and (bare(before) in NOT_PEOPLE or is_acronym(before))
    return evidence + DETERMINED * (before.plain in POINTING or maker)
