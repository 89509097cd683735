"""A text as terms that can be compared: contractions and numbers written out, each with its place, its role and its clause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from diarist.diary.english import FUNCTION_WORDS, IRREGULAR_VERBS, VERBS, stem
from diarist.diary.kinship import KIN_NAMES, RELATED
from diarist.diary.speech import plain
from diarist.diary.written.contractions import expanded_at
from diarist.diary.written.vocabulary import (
    BREAKERS,
    FIRST,
    JOINERS,
    LIMITS,
    LINKS,
    REACHING,
    ROUGHLY,
    SUBJECT_FORMS,
    THIRD,
    VAGUELY,
    WHEN,
)
from diarist.domain.given_names import ONLY_NAMES
from diarist.evaluation.numbers import number_at

_STOPS, _PAUSES = (".", "?", "!", "\u2026"), (",", ";", ":", "\u2014", "\u2013")
_CLOSERS = "\"'\u201d\u2019)]"
_ABBREVIATED = frozenset({"dr", "mr", "mrs", "ms", "prof", "st"})


class Role(Enum):
    """What a term does in its clause."""

    CONTENT = auto()
    NAME = auto()
    """Somebody or something with a name, or a person by what they are to somebody."""
    OWN = auto()
    """The speaker, alone or with others."""
    OTHER = auto()
    """Somebody by a pronoun."""
    WHEN = auto()
    LIMIT = auto()
    """Denies, hedges, intends, reports."""
    LINK = auto()


@dataclass(frozen=True, slots=True)
class Term:
    """One word, as far as its meaning goes."""

    key: str
    """What is compared."""
    word: str
    """Lower case, bare."""
    role: Role
    piece: int
    """Which piece of the text it comes from."""
    clause: int
    stop: int
    """Full stops before it."""
    subject: bool = False
    """Whether it can be who does something: "he", not "him"."""
    possessive: bool = False
    pause: bool = False
    """Whether a comma or the like stands before it."""

    @property
    def past(self) -> bool:
        """Whether it looks like a past."""
        return self.word.endswith("ed") or self.word in IRREGULAR_VERBS

    @property
    def verbal(self) -> bool:
        """Whether it may be a verb."""
        return self.past or self.word in VERBS or self.word.endswith("ing")


def terms(pieces: Sequence[str]) -> list[Term]:
    """The terms of a text that is cut at its spaces, hesitations left out."""
    bare = [plain(piece) for piece in pieces]
    clauses, stops = _clauses(pieces, bare)
    found: list[Term] = []
    listed_at = [(word, at) for at in range(len(pieces)) for word in expanded_at(bare, at)]
    listed = [word for word, _ in listed_at]
    place = 0
    while place < len(listed_at):
        word, at = listed_at[place]
        number = number_at(listed, place) if word != "and" else None
        pause = at > 0 and (place == 0 or listed_at[place - 1][1] != at) and pieces[at - 1].rstrip(_CLOSERS).endswith(_PAUSES)
        if number is not None:
            found.append(Term(number[0], number[0], Role.CONTENT, at, clauses[at], stops[at], pause=pause))
            place += number[1]
            continue
        following = listed[place + 1] if place + 1 < len(listed) else ""
        term = _term(word, following, pieces, at, first=at == 0 or stops[at] != stops[at - 1])
        key, role, subject, possessive = term
        if not (found and found[-1].key == key and found[-1].clause == clauses[at] and role in {Role.OWN, Role.LIMIT}):
            found.append(Term(key, word, role, at, clauses[at], stops[at], subject=subject, possessive=possessive, pause=pause))
        place += 1
    return found


def _term(word: str, following: str, pieces: Sequence[str], at: int, *, first: bool) -> tuple[str, Role, bool, bool]:
    """Key, role, whether it can be a subject, whether it is a possessive."""
    if word in FIRST or word in THIRD:
        key = FIRST.get(word) or THIRD[word]
        return key, Role.OWN if word in FIRST else Role.OTHER, word in SUBJECT_FORMS, False
    role = Role.WHEN if word == "may" and pieces[at][:1].isupper() and not first else _small(word, following)
    if role is not None:
        key = ("about" if word in ROUGHLY else LIMITS.get(word, word)) if role is Role.LIMIT else word
        return key, role, False, False
    owner = word.endswith(("'s", "s'")) and not (following.endswith("ing") or following in {"a", "the", "not", "been", "got"})
    base = word.removesuffix("'s").removesuffix("'")
    letter = pieces[at].lstrip("\"'\u201c\u2018(")[:1]
    named = (
        base in ONLY_NAMES
        or base in RELATED
        or base in _ABBREVIATED
        or (letter.isupper() and not first and base not in FUNCTION_WORDS)
    )
    return stem(KIN_NAMES.get(base, base)), Role.NAME if named else Role.CONTENT, named, owner and named


def _small(word: str, following: str) -> Role | None:
    """The role of a word that has none of its own to tell."""
    if word in ROUGHLY:
        return Role.LIMIT if following[:1].isdigit() or number_at([following or "-"], 0) is not None else Role.LINK
    if word in VAGUELY:
        return Role.LIMIT if following == "of" else None
    for role, known in ((Role.LIMIT, LIMITS), (Role.WHEN, WHEN), (Role.LINK, LINKS)):
        if word in known:
            return role
    return None


def _clauses(pieces: Sequence[str], bare: Sequence[str]) -> tuple[list[int], list[int]]:
    """The clause of each piece, and the full stops before it."""
    clauses: list[int] = []
    stops: list[int] = []
    clause = stop = 0
    reaching = False
    for at, word in enumerate(bare):
        before = pieces[at - 1].rstrip(_CLOSERS) if at else ""
        if before.endswith(_STOPS) and bare[at - 1] not in _ABBREVIATED:
            clause, stop, reaching = clause + 1, stop + 1, False
        elif before.endswith(_PAUSES) and word not in REACHING:
            if reaching or LIMITS.get(bare[at - 1]) in {"say", "think"}:
                reaching = False
            else:
                clause += 1
        elif at and (word in BREAKERS or (word in JOINERS and _subject_follows(pieces, bare, at + 1))):
            clause += 1
        reaching = reaching or word in REACHING
        clauses.append(clause)
        stops.append(stop)
    return clauses, stops


def _subject_follows(pieces: Sequence[str], bare: Sequence[str], at: int) -> bool:
    if at >= len(bare):
        return False
    word = bare[at].partition("'")[0]
    return (
        word in SUBJECT_FORMS
        or word in {"it", "there", "that", "this", "the", "my", "our", "his", "her", "their"}
        or (pieces[at][:1].isupper() and word not in WHEN)
    )
