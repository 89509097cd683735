"""Lays the words of a sentence on the words that were said: in their order, clause by clause, nothing of it unsaid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from diarist.diary.written.hearing import Evidence
from diarist.diary.written.terms import Role, Term

ORDERED = frozenset({Role.CONTENT, Role.NAME, Role.OWN, Role.OTHER})
_ENOUGH = 60
"""Layings that are looked at before a sentence is given up."""
_NEAREST = 6
"""Layings of one clause on one quote."""


@dataclass(frozen=True, slots=True)
class Laid:
    """A word of the sentence and where it was said."""

    term: Term
    evidence: int
    place: int
    """In the terms of that evidence."""


Laying = tuple[Laid, ...]


def layings(sentence: Sequence[Term], evidence: Sequence[Evidence]) -> Iterator[Laying]:
    """Every way, the closest first within a clause, in which the sentence's ordered words stand in the evidence; at most 60."""
    units: dict[int, list[Term]] = {}
    for term in sentence:
        if term.role in ORDERED:
            units.setdefault(term.clause, []).append(term)
    return islice(_lay([*units.values()], evidence, {}, ()), _ENOUGH)


def _lay(units: list[list[Term]], evidence: Sequence[Evidence], reached: dict[int, int], laid: Laying) -> Iterator[Laying]:
    if not units:
        yield laid
        return
    last = laid[-1].evidence if laid else 0
    # A clause rather goes on in the quote where the clause before it stood.
    for index in sorted(range(len(evidence)), key=lambda one: (one != last, one)):
        for places in _nearest(units[0], evidence[index], reached.get(index, -1)):
            more = tuple(Laid(term, index, place) for term, place in zip(units[0], places, strict=True) if place is not None)
            ends = [place for place in places if place is not None]
            following = {**reached, index: ends[-1]} if ends else reached
            yield from _lay(units[1:], evidence, following, (*laid, *more))


def _nearest(unit: Sequence[Term], evidence: Evidence, after: int) -> list[list[int | None]]:
    """Places of a clause's words in one quote, those that stand closest together first."""
    found = [places for start in range(after + 1, len(evidence.terms)) if (places := _from(unit, evidence, start))]
    if not found and unit[0].role is Role.OWN and unit[0].subject and len(unit) > 1:
        # "Call the plumber" said to oneself, written as "I ..."; whether that may be is judged later.
        rest = [places for start in range(after + 1, len(evidence.terms)) if (places := _from(unit[1:], evidence, start))]
        found = [[None, *places] for places in rest]
    unique = {tuple(places): places for places in found}
    return sorted(unique.values(), key=_spread)[:_NEAREST]


def _spread(places: Sequence[int | None]) -> int:
    ends = [place for place in places if place is not None]
    return ends[-1] - ends[0]


def _from(unit: Sequence[Term], evidence: Evidence, start: int) -> list[int | None]:
    """The first places from `start` on, where the first word stands at `start`; empty when there are none."""
    places: list[int | None] = []
    at = start
    for term in unit:
        while at < len(evidence.terms) and not _same(term, evidence.terms[at], evidence):
            if not places:
                return []
            at += 1
        if at == len(evidence.terms):
            return []
        places.append(at)
        at += 1
    return places


def _same(term: Term, said: Term, evidence: Evidence) -> bool:
    return term.key == said.key and said.piece in evidence.quoted and said.role is not Role.LINK
