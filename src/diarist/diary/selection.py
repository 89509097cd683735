"""Chooses the sentences of an entry: nearly all of a short recording, at most eight of a long one, in spoken order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from diarist.diary.english import FUNCTION_WORDS, stem
from diarist.diary.salience import THIRD_PERSONS, leans_on_next, leans_on_previous
from diarist.diary.utterances import Utterance
from diarist.domain.wordlist import words

MOST = 8
# Parts of a long recording that each have a say.
STRETCHES = 6
# Share of its words that a sentence has in common with another when it only says that again.
SAME = 0.8
# What a sentence loses that says again what another said.
REPEATING = 0.5
# What the first sentence gains, since the rest builds on it.
OPENING = 0.3
# What it loses for each sentence that has to come along.
ROOM = 0.25
# Sentences back in which a named person is still who "he" means.
REACH = 2
# Sentences that may come along with one another.
COMPANY = 3
# The engine's belief in a sentence below which it is a guess.
HEARD = 0.35
# Talk to the recorder and greetings: nothing that a diary keeps.
CHATTER = words("""
    okay ok so um uh is this thing on it recording record working testing test check hello hi hey bye goodbye that's all it right
    alright yeah yes thanks thank you for listening good night here we go let me see now anyway well oh ah hmm mm mhm start over
    talk to later i'm done that the end of memo note
    """)
SHORT_CHATTER = 6


def says_something(utterance: Utterance) -> bool:
    """Whether anything is left of a sentence beyond filler and talk to the recorder."""
    words = utterance.plain
    return bool(words) and not (len(words) <= SHORT_CHATTER and set(words) <= CHATTER)


def worth_telling(utterances: Sequence[Utterance], *, english: bool = True) -> list[int]:
    """The sentences that say something for the first time, in order; without those hardly heard, if others are left."""
    kept: list[int] = []
    said: set[tuple[str, ...]] = set()
    for utterance in utterances:
        if not utterance.kept or (english and not says_something(utterance)):
            continue
        following = utterances[utterance.index + 1] if utterance.index + 1 < len(utterances) else None
        if utterance.plain in said or (following is not None and _is_false_start(utterance, following)):
            continue
        said.add(utterance.plain)
        kept.append(utterance.index)
    clear = [index for index in kept if utterances[index].probability >= HEARD] or kept
    return [index for index in clear if len(utterances[index].kept) > 1 or not english] or clear


def _is_false_start(utterance: Utterance, following: Utterance) -> bool:
    length = len(utterance.plain)
    return 1 < length < len(following.plain) and utterance.plain == following.plain[:length] and not utterance.asks


@dataclass(frozen=True, slots=True)
class Material:
    """What is known of the utterances when some of them are chosen; all by place."""

    weights: Sequence[float]
    contents: Sequence[frozenset[str]]
    """Stems of the content words."""
    leans_back: Sequence[bool]
    leans_ahead: Sequence[bool]
    of_a_person: Sequence[bool]
    """Whether it opens with "he", "she" or "they"."""
    with_people: frozenset[int]
    allowed: frozenset[int]


def choose(
    utterances: Sequence[Utterance], candidates: Sequence[int], weights: Sequence[float], with_people: Collection[int]
) -> list[int]:
    """The chosen sentences' places, ascending, at most eight; each brings along what it refers back to."""
    if len(candidates) <= MOST:
        return list(candidates)
    places = range(len(utterances))
    material = Material(
        weights=weights,
        contents=[frozenset(stem(word) for word in utterance.plain if word not in FUNCTION_WORDS) for utterance in utterances],
        leans_back=[leans_on_previous(utterances, place) for place in places],
        leans_ahead=[leans_on_next(utterances, place) for place in places],
        of_a_person=[bool(THIRD_PERSONS & set(utterance.plain[:3])) for utterance in utterances],
        with_people=frozenset(with_people),
        allowed=frozenset(candidates),
    )
    chosen: set[int] = set()
    # Most of the room goes to the best of each stretch, so that no part of a long recording is left out.
    cuts = [len(candidates) * part // STRETCHES for part in range(STRETCHES + 1)]
    stretches = [candidates[start:end] for start, end in pairwise(cuts)]
    for pool in [*stretches, *[candidates] * MOST]:
        chosen |= _best(material, pool, chosen)
    return sorted(chosen)


def _best(material: Material, pool: Sequence[int], chosen: set[int]) -> set[int]:
    """The weightiest sentence of a pool, with what it leans on, that still finds room; empty when none does."""
    said = [material.contents[index] for index in chosen]
    best: tuple[float, int] | None = None
    found: set[int] = set()
    for index in pool:
        if index in chosen:
            continue
        bundle = _with_company(material, index, chosen)
        if not bundle or len(chosen) + len(bundle) > MOST:
            continue
        content = material.contents[index]
        repeats = max((len(content & other) / max(1, len(content)) for other in said), default=0.0)
        if repeats >= SAME:
            continue
        weight = (
            material.weights[index] + OPENING * (index == min(material.allowed)) - ROOM * (len(bundle) - 1) - REPEATING * repeats
        )
        if best is None or (weight, -index) > best:
            best, found = (weight, -index), bundle
    return found


def _with_company(material: Material, index: int, chosen: set[int]) -> set[int]:
    """A sentence and those next to it that it cannot stand without; empty when they cannot be had."""
    bundle = {index}
    last = index
    while material.leans_ahead[last] and last + 1 not in chosen and len(bundle) <= COMPANY:
        last += 1
        bundle.add(last)
    while material.leans_back[index] and index - 1 not in chosen and len(bundle) <= COMPANY:
        near = range(index - REACH, index)
        if material.of_a_person[index] and any(other in chosen and other in material.with_people for other in near):
            break
        index -= 1
        bundle.add(index)
    return bundle if bundle <= material.allowed and len(bundle) <= COMPANY else set()
