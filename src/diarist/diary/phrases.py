"""Noun phrases without a grammar: runs of content words behind a determiner or preposition, or that keep coming back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from diarist.diary.english import (
    ATTRIBUTES,
    AUXILIARIES,
    DETERMINERS,
    FUNCTION_WORDS,
    IRREGULAR_VERBS,
    MONTHS,
    PLAIN_ADJECTIVES,
    PRONOUNS,
    SUBJECTS,
    VAGUE,
    VERBS,
    WEEKDAYS,
    stem,
)
from diarist.diary.kinship import RELATED
from diarist.diary.speech import Spoken
from diarist.diary.utterances import Utterance
from diarist.domain import wordlist

LONGEST = 4
# Letters and share of utterances that tell a content word in a language whose small words are not listed.
LONG_WORD, EVERYWHERE = 4, 0.3
ARTICLES = wordlist.words("the a an my our his her their your this another")
# Whatever follows these is done, or is a quality, and names nothing.
BEING = wordlist.words("am is are was were be been being it's that's there's")
ACTORS = (SUBJECTS | PRONOUNS | AUXILIARIES | {"to", "not", "never"}) - BEING
LINKS = frozenset({"of", "with"})
INDEFINITE = wordlist.words("something anything nothing everything someone anyone everyone somebody anybody everybody nobody")
NEVER = FUNCTION_WORDS | WEEKDAYS | MONTHS
DOING = VERBS | IRREGULAR_VERBS
EMPTY = PLAIN_ADJECTIVES | VAGUE
QUALITIES = EMPTY | ATTRIBUTES
# Neither is the one who acts.
UNINVOLVED = NEVER | QUALITIES
# Behind a word in "-s" these make it a verb ("opens the file", "smells of bread").
DONE_TO = DETERMINERS | PRONOUNS | {"of", "like"}


@dataclass(frozen=True, slots=True)
class Phrase:
    """A run of words that names something."""

    utterance: int
    words: tuple[Spoken, ...]

    @property
    def key(self) -> tuple[str, ...]:
        """The same for "bike shop" and "bike shops"."""
        return tuple(stem(word.plain) for word in self.words if word.plain not in LINKS)

    @property
    def text(self) -> str:
        """As spoken, bare of punctuation at its end, in lower case but for names."""
        shown = " ".join(word.text for word in self.words).rstrip(".,;:!?\u2026\"'\u201d\u2019)-\u2013\u2014")
        return shown.replace("\u2019", "'")


def phrases(utterances: Iterable[Utterance], names: frozenset[str]) -> list[Phrase]:
    """Every noun phrase, in order of speech; `names` are plain words that name people and are left out."""
    found: list[Phrase] = []
    for utterance in utterances:
        found.extend(_phrases_of(utterance, names))
    return found


def _phrases_of(utterance: Utterance, names: frozenset[str]) -> Iterable[Phrase]:
    words = utterance.kept
    index = 0
    while index < len(words):
        until = index
        while until < len(words) and until - index < LONGEST and _joins(words, index, until, names):
            until += 1
            if not words[until - 1].text[-1:].isalnum():
                break
        until += _complement(words, index, until, names)
        if until > index:
            run = _pruned(words[index:until])
            if run and _names(run, words[index - 1] if index else None):
                yield Phrase(utterance.index, run)
        index = max(until, index + 1)


def _complement(words: Sequence[Spoken], first: int, until: int, names: frozenset[str]) -> int:
    """How many words go on with a noun: "volumes" with "of data", "the meeting" with "with Sarah"."""
    if until - first != 1 or until + 1 >= len(words) or not words[first].text[-1:].isalnum() or words[first].plain in EMPTY:
        return 0
    link, after = words[until].plain, words[until + 1]
    if link == "with" and after.plain in names:
        return 2
    if link == "of" and after.plain not in QUALITIES and _joins(words, until + 1, until + 1, names):
        return 2
    return 0


def _joins(words: Sequence[Spoken], first: int, index: int, names: frozenset[str]) -> bool:
    """Whether the word at `index` can go on a phrase that began at `first`."""
    plain = words[index].plain
    owner = plain.endswith("'s") and index + 1 < len(words)
    if plain in NEVER or (plain.removesuffix("'s") in names and not owner) or not plain[:1].isalpha() or plain.endswith("ly"):
        return False
    if index == first:
        before = words[first - 1].plain if first and words[first - 1].text[-1:].isalnum() else ""
        # "the walk", "my first call"; but not "the storm tore", "it fails", "to rename".
        acts = (
            plain in DOING
            or before in ACTORS
            or before.endswith("n't")
            or (bool(before) and before not in UNINVOLVED and _takes_object(words, index))
        )
        return before in ARTICLES or not acts
    if plain in DOING or plain.endswith("ed"):
        return False
    return owner or not _takes_object(words, index)


def _takes_object(words: Sequence[Spoken], index: int) -> bool:
    """Whether a word in "-s" is the verb of what follows ("the worker opens the file")."""
    following = words[index + 1].plain if index + 1 < len(words) else ""
    return words[index].plain.endswith("s") and words[index].text[-1:].isalnum() and following in DONE_TO


def _names(run: Sequence[Spoken], before: Spoken | None) -> bool:
    """Whether a run names something: no lone verb, no lone quality after "is", nothing indefinite."""
    if INDEFINITE & {word.plain for word in run}:
        return False
    lone_quality = before is not None and before.plain in BEING
    return len(run) > 1 or not (lone_quality or run[0].plain in DOING | RELATED)


def _pruned(run: Sequence[Spoken]) -> tuple[Spoken, ...]:
    """The run without adjectives that name nothing and vague nouns at its rim."""
    first, last = 0, len(run)
    while first < last and run[first].plain in EMPTY | LINKS:
        first += 1
    while last > first and (run[last - 1].plain in QUALITIES or (run[last - 1].plain.endswith("ing") and last - first > 1)):
        last -= 1
    return tuple(run[first:last])


def word_counts(utterances: Sequence[Utterance], *, english: bool = True) -> Counter[str]:
    """In how many utterances each content word occurs, by stem.

    In a language without a list of its small words, these are the short ones and those that are everywhere.
    """
    counts: Counter[str] = Counter()
    for utterance in utterances:
        counts.update({stem(word) for word in utterance.plain if word not in FUNCTION_WORDS and word[:1].isalpha()})
    if english:
        return counts
    everywhere = max(EVERYWHERE * len(utterances), 3)
    return Counter({word: count for word, count in counts.items() if len(word) >= LONG_WORD and count < everywhere})
