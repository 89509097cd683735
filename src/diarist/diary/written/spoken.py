"""Lets what could only be told wrongly stand as it was spoken."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from diarist.diary.proof import statement_faults
from diarist.diary.utterances import Utterance, capitalised
from diarist.diary.written.claims import Proven
from diarist.diary.written.hearing import Hearing
from diarist.diary.written.wording import own_words
from diarist.domain.diary import Sentence

_LONGEST = 45
"""Words of a spoken sentence."""
_LEAST = 3
"""Words of a part of one that stands by itself."""


def as_spoken(claims: Iterable[Proven], told: Iterable[Proven], hearing: Hearing) -> list[tuple[Sentence, Proven]]:
    """Sentences for claims: the spoken ones that hold them, or their quotes where a part of those is told already."""
    done = {place for claim in told for place in range(claim.evidence.first, claim.evidence.last + 1)}
    found: list[tuple[Sentence, Proven]] = []
    for claim in claims:
        for sentence, places in _whole(claim, done, hearing) or _quoted(claim, done, hearing):
            done |= places
            found.append((sentence, claim))
    return found


def _whole(claim: Proven, done: Collection[int], hearing: Hearing) -> list[tuple[Sentence, set[int]]]:
    utterances = [hearing.utterances[index] for index in claim.evidence.utterances]
    if any(_places(one) & set(done) or not _stands(one, hearing) for one in utterances) or 0 in claim.evidence.reported:
        return []
    return [(Sentence(text=one.text, citations=(one.citation,)), _places(one)) for one in utterances]


def _quoted(claim: Proven, done: Collection[int], hearing: Hearing) -> Sequence[tuple[Sentence, set[int]]]:
    places = set(range(claim.evidence.first, claim.evidence.last + 1))
    text = capitalised(claim.evidence.citation.quote.strip().rstrip(",;:.")) + "."
    if places & set(done) or len(places) < _LEAST or places & hearing.struck or not hearing.english:
        return []
    if claim.evidence.reported or not own_words(text, [claim.evidence]):
        return []
    return [(Sentence(text=text, citations=(claim.evidence.citation,)), places)]


def _stands(utterance: Utterance, hearing: Hearing) -> bool:
    counts = not _places(utterance) & hearing.struck and 0 < len(utterance.kept) <= _LONGEST
    return counts and not statement_faults(utterance.text, (utterance.citation,), hearing.speech)


def _places(utterance: Utterance) -> set[int]:
    return {word.index for word in utterance.words}
