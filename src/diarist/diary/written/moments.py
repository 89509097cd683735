"""Judges when it was: days belong to what happened then, and what was is not what is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diarist.diary.written.hearing import Evidence
from diarist.diary.written.matching import Laid
from diarist.diary.written.reasons import DATE, TENSE
from diarist.diary.written.terms import Role, Term
from diarist.diary.written.vocabulary import PAST, PRESENT


def day_faults(
    sentence: Sequence[Term], evidence: Sequence[Evidence], covered: dict[tuple[int, int], list[Laid]]
) -> Iterator[str]:
    """Days and times belong to the clause that tells what happened then."""
    told = [term.key for term in sentence if term.role is Role.WHEN]
    if not told:
        return
    allowed: list[str] = []
    for index in {index for index, _ in covered}:
        clauses = {clause for at, clause in covered if at == index}
        said = evidence[index].terms
        inside = [term.key for term in said if term.role is Role.WHEN and term.clause in clauses]
        stops = {term.stop for term in said if term.clause in clauses}
        # "On Saturday. No, wait, on Sunday": the day that counts is told behind the full stop.
        one = evidence[index]
        near = [
            term.key
            for term in said
            if term.role is Role.WHEN and (term.piece in one.quoted if one.mended else term.stop in stops)
        ]
        allowed += inside or near
    if not covered:
        allowed = [term.key for one in evidence for term in one.terms if term.role is Role.WHEN]
    rest = iter(allowed)
    if not all(key in rest for key in told):
        yield DATE


def tense_faults(
    sentence: Sequence[Term], evidence: Sequence[Evidence], covered: dict[tuple[int, int], list[Laid]]
) -> Iterator[str]:
    """What is, was: and the other way round."""
    said = [term for index, clause in covered for term in evidence[index].terms if term.clause == clause]
    now, then = _present(said), _past(said)
    if any(term.word in {"was", "were", "had"} for term in sentence) and now and not then:
        yield TENSE
    if any(term.word in {"is", "are", "am"} for term in sentence) and then and not now:
        yield TENSE


def _present(line: Sequence[Term]) -> bool:
    return any(term.word in PRESENT for term in line)


def _past(line: Sequence[Term]) -> bool:
    return any(term.word in PAST or term.past for term in line)
