"""Writes out what speech runs together: "won't", "I'm going to", "have to", "12,000"."""

from __future__ import annotations

from collections.abc import Sequence

from diarist.diary.english import DETERMINERS, IRREGULAR_VERBS
from diarist.diary.filler import HESITATIONS
from diarist.diary.kinship import RELATED
from diarist.domain.given_names import ONLY_NAMES

_WHOLE = {
    "cannot": "can not", "can't": "can not", "cant": "can not", "won't": "will not", "wont": "will not", "shan't": "will not",
    "ain't": "not", "gonna": "will", "wanna": "want to", "gotta": "must", "let's": "let us", "dont": "do not",
    "didnt": "did not", "doesnt": "does not", "isnt": "is not", "wasnt": "was not", "couldnt": "could not",
    "wouldnt": "would not",
    "it's": "it is", "that's": "that is", "he's": "he is", "she's": "she is", "what's": "what is", "there's": "there is",
    "here's": "here is", "who's": "who is", "where's": "where is", "how's": "how is",
}  # fmt: skip
_ENDINGS = (("n't", "not"), ("'ll", "will"), ("'ve", "have"), ("'re", "are"), ("'m", "am"))
_LOOKING = frozenset({"look", "looks", "looked", "sound", "sounds", "sounded", "feels"})
_HAVING = frozenset({"have", "has", "had", "got"})
_NEVER_WOULD = frozenset({"been", "better", "had", "never", "already"})
_ASIDES = frozenset({"you know", "i mean"})


def expanded_at(bare: Sequence[str], at: int) -> list[str]:
    """The words that a plain word in its place stands for; none for a hesitation."""
    word, following = bare[at], bare[at + 1] if at + 1 < len(bare) else ""
    if not word or word in HESITATIONS or _is_aside(bare, at):
        return []
    if (meant := _by_what_follows(bare, at, word, following)) is not None:
        return [meant]
    if word.endswith("'d"):
        had = following in _NEVER_WOULD or following.endswith("ed") or following in IRREGULAR_VERBS
        return [word[:-2], "had" if had else "would"]
    if word in _WHOLE:
        return _WHOLE[word].split()
    return next(([word[: -len(ending)], meant] for ending, meant in _ENDINGS if word.endswith(ending)), None) or _parts(word)


def _by_what_follows(bare: Sequence[str], at: int, word: str, following: str) -> str | None:
    """What the first word of "have to", "used to", "looks like" and "going to" means with the second."""
    if following == "to" and word in _HAVING:
        return "must"
    if following == "to" and word == "used":
        return "usedto"
    if following in {"like", "as"} and word in _LOOKING:
        return "seems"
    if following == "to" and word == "going" and _is_verb_place(bare, at + 2):
        # What was going to be is an intention that came to nothing, or may have.
        return "intended" if at and bare[at - 1] in {"was", "were", "wasn't", "weren't"} else "will"
    return None


def _parts(word: str) -> list[str]:
    amount = word.strip("$\u20ac\u00a3").replace(",", "")
    if amount.rstrip("%").replace(".", "", 1).isdigit():
        return [amount.rstrip("%"), *(["percent"] if "%" in amount else [])]
    return word.split("-") if "-" in word and word not in RELATED else [word]


def _is_aside(bare: Sequence[str], at: int) -> bool:
    return " ".join(bare[at : at + 2]) in _ASIDES or (at > 0 and " ".join(bare[at - 1 : at + 1]) in _ASIDES)


def _is_verb_place(bare: Sequence[str], at: int) -> bool:
    return at < len(bare) and bare[at] not in DETERMINERS and bare[at] not in ONLY_NAMES
