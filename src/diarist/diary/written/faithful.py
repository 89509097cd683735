"""Judges whether a sentence says nothing but what its quotes say.

Every word that carries meaning was said, in that order, by that person; no "not", "maybe" or "wanted to" is lost or gained.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from diarist.diary.proof import bare
from diarist.diary.speech import PIECE
from diarist.diary.written.doers import actor_faults, speaker_faults, whole_faults, word_faults
from diarist.diary.written.hearing import Evidence
from diarist.diary.written.limits import limit_fault, limit_faults, scope_faults
from diarist.diary.written.matching import Laid, Laying, layings
from diarist.diary.written.moments import day_faults, tense_faults
from diarist.diary.written.reasons import DATE, INVENTED, NAME, NUMBER, ORDER, REPORTED, TURNED
from diarist.diary.written.terms import Role, Term, terms
from diarist.diary.written.wording import own_words


def faults(
    text: str, evidence: Sequence[Evidence], *, english: bool = True, item: bool = False, strict: bool = False
) -> list[str]:
    """Why a sentence is not proven by its quotes; empty when it is.

    `item`: of a thing to do, which may leave out who does it and that it must be done. `strict`: it must be made of the words
    that were said alone, see `wording`.
    """
    if not evidence:
        return ["no quote"]
    if not english:
        return [] if _verbatim(text, evidence) else [ORDER]
    if strict and own_words(text, evidence, item=item):
        return []
    found = _judged(terms(PIECE.findall(text)), evidence, item=item)
    # What the speaker corrected cannot stand as it was spoken.
    return found or ([ORDER] if strict and not all(one.mended for one in evidence) else [])


def _judged(sentence: Sequence[Term], evidence: Sequence[Evidence], *, item: bool) -> list[str]:
    """What speaks against a sentence in words of its own."""
    if not any(term.role is not Role.LINK for term in sentence):
        return ["says nothing"]
    if unsaid := _unsaid(sentence, evidence):
        return unsaid
    best: list[str] | None = None
    for laying in layings(sentence, evidence):
        found = list(dict.fromkeys(_faults_of(sentence, laying, evidence, item=item)))
        if not found:
            return []
        if best is None or len(found) < len(best):
            best = found
    return best or [TURNED]


def _verbatim(text: str, evidence: Sequence[Evidence]) -> bool:
    """Whether it is whole sentences as they were spoken: nothing smaller can be judged in a language without rules."""
    return any(bare(text) == list(one.spoken) for one in evidence)


def _unsaid(sentence: Sequence[Term], evidence: Sequence[Evidence]) -> list[str]:
    """Words of the sentence that stand in no quote."""
    said = {term.key for one in evidence for term in one.terms if term.piece in one.quoted}
    round_it = {term.key for one in evidence for term in one.terms}
    found: list[str] = []
    for term in sentence:
        known = round_it if term.role in {Role.LIMIT, Role.WHEN} else said
        if term.key in known or term.role is Role.LINK or (term.role is Role.OWN and term.subject):
            continue
        if term.role is Role.LIMIT:
            found.append(limit_fault(term.key))
        elif term.role is Role.WHEN:
            found.append(DATE)
        elif term.key[:1].isdigit():
            found.append(NUMBER)
        else:
            found.append(NAME if term.role is Role.NAME else INVENTED)
    return list(dict.fromkeys(found))


def _faults_of(sentence: Sequence[Term], laying: Laying, evidence: Sequence[Evidence], *, item: bool) -> Iterator[str]:
    covered = covered_by(laying, evidence)
    yield from limit_faults(sentence, laying, evidence, item=item)
    yield from actor_faults(laying, evidence, covered, item=item)
    yield from scope_faults(sentence, laying, evidence)
    yield from whole_faults(sentence, laying, evidence, covered)
    yield from speaker_faults(sentence, laying, evidence)
    yield from word_faults(sentence, laying, evidence)
    yield from day_faults(sentence, evidence, covered)
    yield from tense_faults(sentence, evidence, covered)
    if not any(laid.term.role is Role.CONTENT for laid in laying) and not _is_said_so(sentence, evidence):
        yield INVENTED
    limits = {term.key for term in sentence if term.role is Role.LIMIT}
    if "say" not in limits and any(clause in evidence[index].reported for index, clause in covered):
        yield REPORTED


def _is_said_so(sentence: Sequence[Term], evidence: Sequence[Evidence]) -> bool:
    """Whether a sentence of small words ("She said no.") stands in a quote as it is: there is little else to prove it by."""
    wanted = [term.word for term in sentence]
    for one in evidence:
        said = [term.word for term in one.terms if term.piece in one.quoted]
        if any(said[at : at + len(wanted)] == wanted for at in range(len(said) - len(wanted) + 1)):
            return True
    return False


def covered_by(laying: Laying, evidence: Sequence[Evidence]) -> dict[tuple[int, int], list[Laid]]:
    """What of the sentence stands in which clause of which quote."""
    covered: dict[tuple[int, int], list[Laid]] = defaultdict(list)
    for laid in laying:
        covered[laid.evidence, evidence[laid.evidence].terms[laid.place].clause].append(laid)
    return covered
