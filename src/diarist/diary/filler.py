"""Trims what carries no meaning, hesitations and restarts, and nothing that denies, hedges or counts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from diarist.diary.english import CONJUNCTIONS, DETERMINERS, FUNCTION_WORDS, NEGATIONS, NUMBERS, PREPOSITIONS, SUBJECTS
from diarist.diary.speech import Spoken
from diarist.domain.wordlist import words

# Sounds, never words.
HESITATIONS = words("um uh umm uhm uhh erm er hmm mm mmm")
# Said to get going; trimmed at the head of a sentence before a comma or another opener, or after one.
OPENERS = words("okay ok yeah alright anyway anyways")
# Openers that are words with a meaning too ("right there", "well rested"): only a comma shows which.
COMMA_OPENERS = words("right well like now")
# They link to what was said before, so they stay unless openers show that nothing is linked ("okay so", "so yeah").
LINKS = words("so and")
# Said to keep the turn; trimmed only when set off by commas or hesitations on both sides.
ASIDES = (("you", "know"), ("i", "mean"), ("like",))
# Doubled on purpose ("very very", "no no") or by grammar ("had had", "that that").
DOUBLED = words("very really so no never far many much more again over too long yes yeah had that ha bye")
# A restart repeats at most this many words.
LONGEST_RESTART = 4
# One word of these said twice is a stammer; a longer run that begins with one of the others is a new try.
STAMMERED = (SUBJECTS | DETERMINERS | PREPOSITIONS | CONJUNCTIONS) - DOUBLED
RETRIED = FUNCTION_WORDS - NEGATIONS - NUMBERS - DOUBLED

BREAKS = (",", ".", "-", "\u2013", "\u2014", "\u2026", ";", ":")
ENDS = (".", "?", "!", "\u2026", "\u3002", "\uff1f", "\uff01")


def trim(words: Sequence[Spoken], *, answers: bool = False) -> list[Spoken]:
    """The words without hesitations, openers, asides and restarts; `answers` keeps a first "yeah" that answers a question."""
    kept = [word for word in words if word.plain and word.plain not in HESITATIONS]
    kept = _without_asides(kept, words)
    if not answers:
        kept = _without_openers(kept)
    return without_restarts(kept)


def _set_off(word: Spoken) -> bool:
    return word.text.endswith(BREAKS)


def _without_asides(words: list[Spoken], spoken: Sequence[Spoken]) -> list[Spoken]:
    hesitant = {word.at for word, following in pairwise(spoken) if following.plain in HESITATIONS}
    kept: list[Spoken] = []
    index = 0
    while index < len(words):
        length = _aside_at(words, index, hesitant)
        if not length:
            kept.append(words[index])
        index += max(length, 1)
    return kept


def _aside_at(words: Sequence[Spoken], index: int, hesitant: set[int]) -> int:
    """How many words of an aside stand at `index`; 0 when none does. `hesitant` has the places before a hesitation."""
    for aside in ASIDES:
        until = index + len(aside)
        if tuple(word.plain for word in words[index:until]) != aside:
            continue
        before = words[index - 1] if index else None
        begins = before is None or _set_off(before) or before.at in hesitant
        begins = begins or (before is not None and before.plain in CONJUNCTIONS and until < len(words))
        last = words[until - 1]
        ends = _set_off(last) or last.at in hesitant if until < len(words) else index > 0 and not last.text.endswith("?")
        if begins and ends and (index or aside != ("like",)):
            return len(aside)
    return 0


def _without_openers(words: list[Spoken]) -> list[Spoken]:
    first = 0
    while first + 1 < len(words):
        word, following = words[first], words[first + 1]
        paused = word.text.endswith((*BREAKS, *ENDS))
        opens = word.plain in OPENERS and (paused or first > 0 or following.plain in OPENERS | LINKS)
        opens = opens or (word.plain in COMMA_OPENERS and paused)
        opens = opens or (word.plain in LINKS and (first > 0 or following.plain in OPENERS))
        if not opens:
            break
        first += 1
    return words[first:]


def without_restarts(words: Sequence[Spoken]) -> list[Spoken]:
    """Drop the first of two equal runs that follow each other, when the run is grammar only and speech goes on after it."""
    kept: list[Spoken] = []
    for word in words:
        kept.append(word)
        for size in range(LONGEST_RESTART, 0, -1):
            if len(kept) >= 2 * size and _is_restart(kept[-2 * size : -size], kept[-size:]):
                # The second run stays: it is the one that goes on.
                kept[-2 * size :] = kept[-size:]
                break
    return kept


def _is_restart(first: Sequence[Spoken], second: Sequence[Spoken]) -> bool:
    said = [word.plain for word in first]
    if said != [word.plain for word in second] or second[-1].text.endswith(ENDS):
        return False
    if len(said) == 1:
        return said[0] in STAMMERED
    return said[0] in RETRIED
