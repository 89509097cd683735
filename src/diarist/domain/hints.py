"""What people know of a recording before it is heard: its languages, and names that are likely to be said in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from diarist.domain.languages import LANGUAGES
from diarist.errors import InvalidInput

MAX_LANGUAGES = 20
MAX_TERMS = 100
"""Names and words; an engine has room for so many at most, and each makes it a little likelier to hear what was not said."""
MAX_TERM = 60
"""Characters of one of them."""

FIELDS = ("language", "languages", "vocabulary")
"""What hints are called wherever they come as texts; in lists there are commas or line ends between the parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """Made by `hints`, which checks them; empty where nothing is known."""

    language: str | None = None
    """The language of all that is said, ISO 639-1; None when it is to be detected."""
    languages: tuple[str, ...] = ()
    """Those that may be detected; empty for all."""
    vocabulary: tuple[str, ...] = ()
    """Names and words that are likely to be said."""

    def __bool__(self) -> bool:
        """Whether anything is known."""
        return self != NO_HINTS


NO_HINTS = Hints()


def hints(language: str | None = None, languages: Iterable[str] = (), vocabulary: Iterable[str] = ()) -> Hints:
    """Tidied: codes in small letters, blanks as single spaces, nothing twice; raises `InvalidInput`."""
    known = None if language is None or not language.strip() else _code(language)
    allowed = tuple(dict.fromkeys(_code(code) for code in languages))
    if len(allowed) > MAX_LANGUAGES:
        raise InvalidInput(f"there are {len(allowed):,} languages to choose from", advice=f"Name {MAX_LANGUAGES} at most.")
    if known and allowed and known not in allowed:
        raise InvalidInput(
            f"the language {known!r} is not one of those that may be spoken: {', '.join(allowed)}",
            advice="Name one language, or several to choose from.",
        )
    terms: dict[str, str] = {}
    for term in map(_term, vocabulary):
        terms.setdefault(term.casefold(), term)
    terms.pop("", None)
    if len(terms) > MAX_TERMS:
        raise InvalidInput(f"the vocabulary has {len(terms):,} entries", advice=f"Give the {MAX_TERMS} that matter most.")
    return Hints(language=known, languages=allowed, vocabulary=tuple(terms.values()))


def hints_from_texts(texts: Mapping[str, str]) -> Hints:
    """From texts by the names of `FIELDS`; raises `InvalidInput`."""
    return hints(texts.get("language"), listed(texts.get("languages")), listed(texts.get("vocabulary")))


def listed(text: str | None) -> list[str]:
    """The parts of a text that has commas or line ends between them."""
    parts = (part.strip() for line in (text or "").splitlines() for part in line.split(","))
    return [part for part in parts if part]


def _code(text: str) -> str:
    code = text.strip().lower()
    if code not in LANGUAGES:
        raise InvalidInput(f"{text[:20]!r} is no language code", advice="Use ISO 639-1, such as en, de or fr.")
    return code


def _term(text: str) -> str:
    term = " ".join(text.split())
    if not term.isprintable():
        raise InvalidInput("the vocabulary holds characters that cannot be shown", advice="Give it as plain text.")
    if len(term) > MAX_TERM:
        raise InvalidInput(
            f"an entry of the vocabulary has {len(term):,} characters", advice=f"Give names and words of {MAX_TERM} at most."
        )
    return term
