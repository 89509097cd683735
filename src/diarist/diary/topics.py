"""Chooses what a recording is about from its noun phrases."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from diarist.diary.english import VAGUE
from diarist.diary.phrases import Phrase

MOST = 6
# Words a topic takes up: a short memo is about little.
WORDS_FOR_A_TOPIC = 25
# Points for naming a thing more closely than one word can, and for words long enough to mean something.
COMPOUND, SPELT_OUT, WITH_SOMEBODY = 0.4, 0.3, 0.3
SHORTEST_WORD, LONG_WORD = 3, 4
# A single word that is said once scores less.
LEAST = 2.5
# The engine's belief in a word below which it names no topic.
HEARD = 0.4


@dataclass(frozen=True, slots=True)
class Topic:
    """Something the recording is about."""

    name: str
    """As said first."""
    words: frozenset[str]
    """Its stems."""
    utterances: tuple[int, ...]
    """Where, ascending."""
    score: float


def topics(phrases: Sequence[Phrase], counts: Counter[str], length: int) -> list[Topic]:
    """The weightiest phrases that do not overlap, best first.

    `counts` says in how many utterances each stem occurs, `length` how many words were said.
    """
    said: dict[tuple[str, ...], list[Phrase]] = defaultdict(list)
    for phrase in phrases:
        # A topic names the recording, so it had better be heard right.
        if min(word.probability for word in phrase.words) >= HEARD:
            said[phrase.key].append(phrase)
    candidates = [
        Topic(
            name=same[0].text,
            words=frozenset(key),
            utterances=tuple(sorted({phrase.utterance for phrase in same})),
            score=_score(key, same, counts),
        )
        for key, same in said.items()
        if not all(word in VAGUE for word in key) and max(map(len, key)) >= SHORTEST_WORD
    ]
    candidates.sort(key=lambda topic: (-topic.score, topic.utterances))
    chosen: list[Topic] = []
    taken: set[str] = set()
    for topic in candidates:
        if len(chosen) == min(MOST, 1 + length // WORDS_FOR_A_TOPIC) or topic.score < LEAST:
            break
        if topic.words & taken:
            continue
        taken |= topic.words
        chosen.append(topic)
    return chosen


def _score(key: tuple[str, ...], same: Sequence[Phrase], counts: Counter[str]) -> float:
    """How often the whole and its words come back; two words name more than one, and four are a sentence."""
    weight = sum(math.log2(1 + counts[word]) for word in key) / math.sqrt(len(key))
    repeats = math.log2(1 + len({phrase.utterance for phrase in same}))
    return (
        weight
        + repeats
        + WITH_SOMEBODY * ("with" in same[0].text.split())
        + (COMPOUND if len(key) > 1 else 0.0)
        + (SPELT_OUT if min(map(len, key)) >= LONG_WORD else 0.0)
    )
