"""Judges what denies, hedges and intends: a sentence keeps all of it, of the same words, and adds none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import pairwise

from diarist.diary.written.hearing import Evidence
from diarist.diary.written.matching import Laying
from diarist.diary.written.reasons import HEDGE, NEGATION, REACH
from diarist.diary.written.terms import Role, Term
from diarist.diary.written.vocabulary import HEDGING, NEGATING, OBLIGING, TRAILING


def limit_faults(sentence: Sequence[Term], laying: Laying, evidence: Sequence[Evidence], *, item: bool) -> Iterator[str]:
    """What denies and hedges, compared clause by clause, or by several where the sentence has cut them otherwise."""
    joined: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for laid in laying:
        joined[laid.term.clause].add((laid.evidence, evidence[laid.evidence].terms[laid.place].clause))
    for unit in joined:
        joined[unit] -= _only_introducing(unit, laying, evidence)
    groups: list[tuple[set[int], set[tuple[int, int]]]] = []
    for unit, clauses in joined.items():
        touching = [group for group in groups if group[1] & clauses]
        merged = ({unit}.union(*(group[0] for group in touching)), clauses.union(*(group[1] for group in touching)))
        groups = [group for group in groups if group not in touching] + [merged]
    for units, clauses in groups:
        own = [term.key for term in sentence if term.role is Role.LIMIT and term.clause in units]
        said = [key for index, clause in clauses for key in _limits_said(index, clause, laying, evidence)]
        anywhere = {
            term.key
            for index, clause in clauses
            for term in evidence[index].terms
            if term.clause == clause and term.role is Role.LIMIT
        }
        lost, added = set(said) - set(own), set(own) - anywhere
        if own.count("not") % 2 != said.count("not") % 2:
            yield NEGATION
        for key in sorted(lost | added):
            if not (item and key in OBLIGING and key in lost):
                yield limit_fault(key)
    yield from bare_limit_faults(sentence, joined, evidence)


def limit_fault(key: str) -> str:
    """What it is to lose or add this word."""
    if key in NEGATING:
        return NEGATION
    return HEDGE if key in HEDGING else REACH


def _limits_said(index: int, clause: int, laying: Laying, evidence: Sequence[Evidence]) -> list[str]:
    """Those of a clause that bear on what was taken from it; behind that only "not", "maybe" and "if" still do."""
    places = [laid.place for laid in laying if laid.evidence == index]
    said = [(place, term) for place, term in enumerate(evidence[index].terms) if term.clause == clause]
    last = max((place for place, _ in said if place in places), default=0)
    return [term.key for place, term in said if term.role is Role.LIMIT and (place < last or term.key in TRAILING)]


def _only_introducing(unit: int, laying: Laying, evidence: Sequence[Evidence]) -> set[tuple[int, int]]:
    """Clauses that only lend the name of whom a later clause calls "he" or "she"."""
    laids = [laid for laid in laying if laid.term.clause == unit]
    clauses = [(laid.evidence, evidence[laid.evidence].terms[laid.place].clause) for laid in laids]
    lending: set[tuple[int, int]] = set()
    for (index, clause), (other, following) in pairwise(clauses):
        named = all(laid.term.role is Role.NAME for laid, at in zip(laids, clauses, strict=True) if at == (index, clause))
        said = [term for term in evidence[index].terms if term.clause == following]
        if named and index == other and clause != following and any(term.role is Role.OTHER and term.subject for term in said):
            lending.add((index, clause))
    return lending


def bare_limit_faults(sentence: Sequence[Term], laid: Iterable[int], evidence: Sequence[Evidence]) -> Iterator[str]:
    """A clause of nothing but small words ("but failed"): they were said in a clause of their own, or they are new."""
    units = set(laid)
    for term in sentence:
        if term.role is Role.LIMIT and term.clause not in units:
            said = [one for one in evidence for other in one.terms if other.key == term.key and other.piece in one.quoted]
            if not said or not any(unit < term.clause for unit in units):
                yield limit_fault(term.key)


def scope_faults(sentence: Sequence[Term], laying: Laying, evidence: Sequence[Evidence]) -> Iterator[str]:
    """A "not" denies the same word: who "didn't say it was" has not said that it wasn't."""
    laid = {id(one.term) for one in laying}
    told = {term.key for term in sentence if term.role is not Role.LINK}
    for at, term in enumerate(sentence):
        if term.role is not Role.LIMIT or term.key not in NEGATING:
            continue
        denied = next((one.key for one in sentence[at + 1 :] if one.role is Role.LIMIT or id(one) in laid), None)
        if denied is not None and denied not in {_next_told(one.terms, term.key, told, denied) for one in evidence}:
            yield NEGATION


def _next_told(said: Sequence[Term], key: str, told: Container[str], wanted: str) -> str | None:
    """What stands behind a "not" of the quote, of the words that the sentence has too: the wanted one, if that is so anywhere."""
    found: str | None = None
    for place, term in enumerate(said):
        if term.key == key and found != wanted:
            found = next((one.key for one in said[place + 1 :] if one.key in told and one.role is not Role.LINK), None)
    return found
