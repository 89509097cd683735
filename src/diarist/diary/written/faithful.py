"""Judges whether a sentence says nothing but what its quotes say.

Every word that carries meaning was said, in that order, by that person; no "not", "maybe" or "wanted to" is lost or gained.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from diarist.diary.english import ADVERBS, PLAIN_ADJECTIVES
from diarist.diary.proof import bare
from diarist.diary.speech import PIECE
from diarist.diary.written.hearing import Evidence
from diarist.diary.written.matching import ORDERED, Laid, Laying, layings
from diarist.diary.written.terms import Role, Term, terms
from diarist.diary.written.vocabulary import HEDGING, NEGATING, OBLIGING, PAST, PRESENT

INVENTED, TURNED = "says what was not said", "says it of somebody else, or in another order"
NEGATION, HEDGE, REACH, REPORTED = (
    "loses or adds a not",
    "loses or adds a maybe",
    "makes a deed of an intention",
    "reported speech",
)
TENSE, DATE, NUMBER, NAME, ORDER = "changes the time", "a day that was not said", "a number", "a name", "not in these words"


def faults(text: str, evidence: Sequence[Evidence], *, english: bool = True, item: bool = False) -> list[str]:
    """Why a sentence is not proven by its quotes; empty when it is.

    `item`: of a thing to do, which may leave out who does it and that it must be done.
    """
    if not evidence:
        return ["no quote"]
    if not english:
        return [] if _verbatim(text, evidence) else [ORDER]
    sentence = terms(PIECE.findall(text))
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
            found.append(_limit(term.key))
        elif term.role is Role.WHEN:
            found.append(DATE)
        elif term.key[:1].isdigit():
            found.append(NUMBER)
        else:
            found.append(NAME if term.role is Role.NAME else INVENTED)
    return list(dict.fromkeys(found))


def _limit(key: str) -> str:
    if key in NEGATING:
        return NEGATION
    return HEDGE if key in HEDGING else REACH


def _faults_of(sentence: Sequence[Term], laying: Laying, evidence: Sequence[Evidence], *, item: bool) -> Iterator[str]:
    covered = _covered(laying, evidence)
    yield from _limits(sentence, laying, evidence, item=item)
    yield from _actors(laying, evidence, covered, item=item)
    yield from _unseen_speaker(sentence, laying, evidence)
    yield from _words(sentence, laying, evidence)
    yield from _days(sentence, evidence, covered)
    yield from _tenses(sentence, evidence, covered)
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


def _covered(laying: Laying, evidence: Sequence[Evidence]) -> dict[tuple[int, int], list[Laid]]:
    """What of the sentence stands in which clause of which quote."""
    covered: dict[tuple[int, int], list[Laid]] = defaultdict(list)
    for laid in laying:
        covered[laid.evidence, evidence[laid.evidence].terms[laid.place].clause].append(laid)
    return covered


def _limits(sentence: Sequence[Term], laying: Laying, evidence: Sequence[Evidence], *, item: bool) -> Iterator[str]:
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
                yield _limit(key)
    yield from _bare_limits(sentence, joined, evidence)


def _limits_said(index: int, clause: int, laying: Laying, evidence: Sequence[Evidence]) -> list[str]:
    """Those of a clause that bear on what was taken from it; behind that only "not", "maybe" and "if" still do."""
    places = [laid.place for laid in laying if laid.evidence == index]
    said = [(place, term) for place, term in enumerate(evidence[index].terms) if term.clause == clause]
    last = max((place for place, _ in said if place in places), default=0)
    return [term.key for place, term in said if term.role is Role.LIMIT and (place < last or term.key in NEGATING | HEDGING)]


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


def _bare_limits(sentence: Sequence[Term], laid: Iterable[int], evidence: Sequence[Evidence]) -> Iterator[str]:
    """A clause of nothing but small words ("but failed"): they were said in a clause of their own, or they are new."""
    units = set(laid)
    for term in sentence:
        if term.role is Role.LIMIT and term.clause not in units:
            said = [one for one in evidence for other in one.terms if other.key == term.key and other.piece in one.quoted]
            if not said or not any(unit < term.clause for unit in units):
                yield _limit(term.key)


def _actors(
    laying: Laying, evidence: Sequence[Evidence], covered: dict[tuple[int, int], list[Laid]], *, item: bool
) -> Iterator[str]:
    """Who does it: nobody whom a clause names first may be left out."""
    first_clause = next(iter(covered), None)
    for (index, clause), laids in covered.items():
        first = laids[0]
        before = [term for term in evidence[index].terms[: first.place] if term.clause == clause]
        head = evidence[index].terms[first.place]
        if head.role in {Role.OWN, Role.OTHER, Role.NAME} and head.subject:
            continue
        skipped = [term for term in before if term.subject and not term.possessive]
        earlier = [laid for laid in laying if laid.term.subject and laying.index(laid) < laying.index(first)]
        hidden = skipped and not _is_understood(skipped[-1], earlier, evidence, index, item=item)
        headless = not skipped and (index, clause) != first_clause and any(_weighs(term) for term in before)
        if hidden or headless:
            yield TURNED


def _is_understood(skipped: Term, earlier: Sequence[Laid], evidence: Sequence[Evidence], index: int, *, item: bool) -> bool:
    """Whether a reader knows who is meant although the sentence does not say it again."""
    if skipped.role is Role.OWN:
        return item or not earlier or earlier[-1].term.key == skipped.key
    if not earlier:
        return False
    if earlier[-1].term.key == skipped.key:
        return True
    said = evidence[index].terms
    names = [term for term in said[: said.index(skipped)] if term.role is Role.NAME and not term.possessive]
    return skipped.role is Role.OTHER and bool(names) and names[-1].key == earlier[-1].term.key


def _weighs(term: Term) -> bool:
    return term.role is Role.CONTENT and term.word not in ADVERBS


def _unseen_speaker(sentence: Sequence[Term], laying: Laying, evidence: Sequence[Evidence]) -> Iterator[str]:
    """An "I" that was not said is fine only where nobody else is named as who does it."""
    laid = {id(one.term) for one in laying}
    for term in sentence:
        if term.role not in ORDERED or id(term) in laid:
            continue
        following = next((one for one in laying if one.term.clause == term.clause), None)
        if following is None:
            yield TURNED
            continue
        said = evidence[following.evidence].terms
        head = said[following.place]
        if any(one.subject for one in said[: following.place + 1] if one.clause == head.clause) or not head.verbal:
            yield TURNED


def _words(sentence: Sequence[Term], laying: Laying, evidence: Sequence[Evidence]) -> Iterator[str]:
    """Each word as it was said: whose it is, when it was, and what it stands next to."""
    for one, other in zip(laying, (*laying[1:], None), strict=True):
        said = evidence[one.evidence].terms[one.place]
        if one.term.possessive != said.possessive and one.term.role is Role.NAME:
            yield TURNED
        if one.term.past != said.past and one.term.role is Role.CONTENT and (one.term.verbal or said.verbal):
            helped = _helped(sentence, one.term) if said.past else _helped(evidence[one.evidence].terms, said)
            if not helped:
                yield TENSE
        if other is None or other.evidence != one.evidence or not one.term.subject or other.term.clause != one.term.clause:
            continue
        between = evidence[one.evidence].terms[one.place + 1 : other.place]
        actors = [term for term in between if term.subject and not term.possessive and term.role is not Role.OWN]
        if any(not _is_understood(term, [one], evidence, one.evidence, item=False) for term in actors):
            yield TURNED
        clause = evidence[other.evidence].terms[other.place].clause
        inside = (term for term in between if term.clause == clause and term.role is Role.CONTENT)
        heavy = [term for term in inside if term.word not in ADVERBS | PLAIN_ADJECTIVES]
        if other.term.verbal and any(term.verbal or one.term.role is Role.NAME for term in heavy):
            yield TURNED


def _helped(line: Sequence[Term], term: Term) -> bool:
    place = next(index for index, one in enumerate(line) if one is term)
    return any(one.word in PAST | {"have", "has", "been", "not"} for one in line[max(0, place - 2) : place])


def _days(sentence: Sequence[Term], evidence: Sequence[Evidence], covered: dict[tuple[int, int], list[Laid]]) -> Iterator[str]:
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


def _tenses(sentence: Sequence[Term], evidence: Sequence[Evidence], covered: dict[tuple[int, int], list[Laid]]) -> Iterator[str]:
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
