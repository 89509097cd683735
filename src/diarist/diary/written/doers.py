"""Judges who does what: nobody is left out, nobody is put in another's place, and a part is not the whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from diarist.diary.english import ADVERBS, PLAIN_ADJECTIVES
from diarist.diary.written.hearing import Evidence
from diarist.diary.written.matching import ORDERED, Laid, Laying
from diarist.diary.written.reasons import NUMBER, REPORTED, TENSE, TURNED
from diarist.diary.written.terms import Role, Term
from diarist.diary.written.vocabulary import PARTS, PAST
from diarist.domain.wordlist import words

# Stand before "that" and report nothing.
_LINKING = words("except given provided now")
# Come between who does it and what is done, and change neither.
_LIGHT = ADVERBS | PLAIN_ADJECTIVES
# With these before it a verb may change its form and keep its time.
_HELPING = PAST | {"have", "has", "been", "not"}


def actor_faults(
    laying: Laying, evidence: Sequence[Evidence], covered: dict[tuple[int, int], list[Laid]], *, item: bool
) -> Iterator[str]:
    """Who does it: nobody whom a clause names first may be left out."""
    first_clause = next(iter(covered), None)
    for (index, clause), laids in covered.items():
        first = laids[0]
        before = [term for term in evidence[index].terms[: first.place] if term.clause == clause]
        head = evidence[index].terms[first.place]
        joined = (index, clause) != first_clause
        if head.role in {Role.OWN, Role.OTHER, Role.NAME} and head.subject:
            continue
        skipped = [term for term in before if term.subject and not term.possessive]
        earlier = [laid for laid in laying[: laying.index(first)] if laid.term.subject]
        elsewhere = not skipped and _is_borrowed(first, earlier, evidence)
        hidden = skipped and not _is_understood(skipped[-1], earlier, evidence, index, item=item)
        headless = not skipped and joined and any(_weighs(term) for term in before)
        # "and she owes me forty crowns" is not said by "forty crowns".
        unsaid = joined and skipped and any(_weighs(term) for term in before[before.index(skipped[-1]) :])
        if hidden or headless or elsewhere or unsaid:
            yield TURNED


def _is_borrowed(first: Laid, earlier: Sequence[Laid], evidence: Sequence[Evidence]) -> bool:
    """Whether a clause without a subject ("..., pulled the tooth") is given to somebody of another quote, or to the speaker."""
    said = evidence[first.evidence].terms
    head = said[first.place]
    owners = [term for term in said[: first.place] if term.stop == head.stop and term.subject and not term.possessive]
    if not owners or not head.verbal:
        return False
    if earlier:
        return earlier[-1].evidence != first.evidence and earlier[-1].term.key not in {term.key for term in owners}
    return owners[-1].role is not Role.OWN


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


def speaker_faults(sentence: Sequence[Term], laying: Laying, evidence: Sequence[Evidence]) -> Iterator[str]:
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


def word_faults(sentence: Sequence[Term], laying: Laying, evidence: Sequence[Evidence]) -> Iterator[str]:
    """Each word as it was said: whose it is, when it was, and what it stands next to."""
    for one, other in zip(laying, (*laying[1:], None), strict=True):
        said = evidence[one.evidence].terms[one.place]
        if one.term.possessive != said.possessive and one.term.role is Role.NAME:
            yield TURNED
        if one.term.past != said.past and one.term.role is Role.CONTENT and (one.term.verbal or said.verbal):
            helped = _helped(sentence, one.term) if said.past else _helped(evidence[one.evidence].terms, said)
            if not helped:
                yield TENSE
        if other is None or other.evidence != one.evidence:
            continue
        if _leaps(evidence[one.evidence].terms, one.place, other.place):
            yield TURNED
        if other.term.clause == one.term.clause and _parted(one, other, evidence):
            yield TURNED


def _parted(one: Laid, other: Laid, evidence: Sequence[Evidence]) -> bool:
    """Whether something stood between two words that makes them belong to somebody else."""
    said = evidence[one.evidence].terms
    between = said[one.place + 1 : other.place]
    if one.term.role in {Role.OWN, Role.OTHER} and not one.term.subject:
        # "my neighbour's cousin" is not my cousin.
        return any(term.possessive for term in between)
    if not one.term.subject:
        return False
    if any(term.key == one.term.key and term.subject for term in between) and any(_weighs(term) for term in between):
        return True
    actors = [term for term in between if term.subject and not term.possessive and term.role is not Role.OWN]
    if any(not _is_understood(term, [one], evidence, one.evidence, item=False) for term in actors):
        return True
    inside = (term for term in between if term.clause == said[other.place].clause and term.role is Role.CONTENT)
    heavy = [term for term in inside if term.word not in _LIGHT]
    return other.term.verbal and any(term.verbal or one.term.role is Role.NAME for term in heavy)


def _leaps(said: Sequence[Term], place: int, following: int) -> bool:
    """Whether two words are joined over an "and" in one clause, from one deed into the next ("leaves ... and lands at nine")."""
    between = [term for term in said[place + 1 : following] if term.clause == said[place].clause == said[following].clause]
    joint = next((at for at, term in enumerate(between) if term.word in {"and", "or"}), None)
    if joint is None:
        return False
    return any(_weighs(term) for term in between[:joint]) and any(_weighs(term) for term in between[joint:])


def _helped(line: Sequence[Term], term: Term) -> bool:
    place = next(index for index, one in enumerate(line) if one is term)
    return any(one.word in _HELPING for one in line[max(0, place - 2) : place])


def _is_embedded(before: Sequence[Term], head: Term) -> bool:
    """Whether the sentence begins in the middle of one: with whom somebody confessed, is sure of, or bit."""
    if not head.subject or not before:
        return False
    subject = next((at for at, term in enumerate(before) if term.subject and not term.possessive), len(before))
    stated = any(_weighs(term) for term in before[subject:])
    told = [term for term in before if term.role is not Role.LINK]
    bitten = head.role is Role.NAME and bool(told) and told[-1].role is Role.CONTENT and told[-1].verbal
    return stated or bitten


def whole_faults(
    sentence: Sequence[Term], laying: Laying, evidence: Sequence[Evidence], covered: dict[tuple[int, int], list[Laid]]
) -> Iterator[str]:
    """Three of the five are not the five; what somebody writes "that ..." is what they write."""
    told = {term.key for term in sentence}
    for (index, clause), laids in covered.items():
        said = [(place, term) for place, term in enumerate(evidence[index].terms) if term.clause == clause]
        places = {laid.place for laid in laying if laid.evidence == index}
        for (place, term), (_, following) in pairwise(said):
            part = following.word == "of" and (term.key[:1].isdigit() or term.word in PARTS) and term.key not in told
            if part and places & set(range(place + 2, place + 6)):
                yield NUMBER
        done_by = any(term.past and following.word == "by" for (_, term), (_, following) in pairwise(said))
        if done_by and not any(term.word == "by" for term in sentence):
            yield TURNED
        before = [term for place, term in said if place < laids[0].place]
        that = next((at for at, term in enumerate(before) if term.word == "that"), 0)
        lending = all(laid.term.role is Role.NAME for laid in laids) and len(covered) > 1
        embedded = not lending and _is_embedded(before, evidence[index].terms[laids[0].place])
        if embedded or any(term.role in {Role.LIMIT, Role.CONTENT} and term.word not in _LINKING for term in before[:that]):
            yield REPORTED
