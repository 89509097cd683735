"""Judges a thing to do: the speaker has to do it, by then, and has not taken it back."""

from __future__ import annotations

from collections.abc import Sequence

from diarist.diary.proof import bare, is_subsequence
from diarist.diary.written.answers import WrittenItem
from diarist.diary.written.claims import Proven, citations_of
from diarist.diary.written.faithful import faults
from diarist.diary.written.hearing import Evidence, Hearing
from diarist.diary.written.terms import Role
from diarist.diary.written.vocabulary import OBLIGING
from diarist.domain.diary import ActionItem


def proven_item(item: WrittenItem, cited: Sequence[Proven], hearing: Hearing) -> ActionItem | None:
    """The item, without its due words where those were not said; None when it is not proven."""
    evidence = [claim.evidence for claim in cited]
    text = " ".join(item.text.split()).rstrip(".")
    if not text or faults(text, evidence, english=hearing.english, item=True, strict=hearing.strict):
        return None
    if hearing.english and not any(_commits(one, claim.kind) for one, claim in zip(evidence, cited, strict=True)):
        return None
    due = " ".join((item.due or "").split()) or None
    if due is not None and not any(is_subsequence(bare(due), bare(one.citation.quote)) for one in evidence):
        due = None
    return ActionItem(text=text[:1].upper() + text[1:], due=due, citations=citations_of(cited))


def _commits(evidence: Evidence, kind: str) -> bool:
    """Whether the speaker says that they have to, will or have promised to; in a list of things to do nobody says so."""
    own = {term.clause for term in evidence.terms if term.role is Role.OWN and term.subject}
    others = {term.clause for term in evidence.terms if term.role is not Role.OWN and term.subject and not term.possessive}
    leads = {
        term.clause
        for term in evidence.terms
        if term.role is Role.LIMIT and term.key in OBLIGING and term.piece in evidence.quoted
    }
    if leads & own - evidence.reported:
        return True
    return kind == "action" and not own and not others - evidence.reported and not evidence.reported
