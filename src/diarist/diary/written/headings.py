"""Judges whether a title says nothing but what one claim says."""

from __future__ import annotations

from collections.abc import Sequence

from diarist.diary.english import AUXILIARIES
from diarist.diary.proof import bare, is_subsequence
from diarist.diary.title import LONGEST
from diarist.diary.written.claims import Proven
from diarist.diary.written.faithful import faults
from diarist.diary.written.hearing import Hearing
from diarist.diary.written.terms import Role, terms

_HEADLINE = 6
"""Words of a title that is no sentence."""


def proves_title(title: str, claims: Sequence[Proven], hearing: Hearing) -> bool:
    """Whether a title is proven by one claim: as a sentence, or as the name of what it is about."""
    text = " ".join(title.split()).rstrip(".")
    if not text or len(text) > LONGEST:
        return False
    return any(
        _names_it(text, claim) or not faults(text, [claim.evidence], english=hearing.english, strict=hearing.strict)
        for claim in claims
    )


def _names_it(text: str, claim: Proven) -> bool:
    """Nouns and names as they were said, with no verb that would make a statement of them."""
    said = terms(text.split())
    states = any(term.verbal or term.word in AUXILIARIES or term.role in {Role.LIMIT, Role.OWN, Role.OTHER} for term in said)
    # "The factory closes" looks like two nouns to whoever knows no verbs.
    states = states or any(term.role is Role.CONTENT and term.word.endswith("s") for term in said)
    if len(said) > _HEADLINE or states:
        return False
    struck_out = {term.key for term in claim.evidence.terms if term.piece in claim.evidence.quoted}
    kept = [term for term in said if term.role is not Role.LINK]
    return (
        bool(kept)
        and all(term.key in struck_out for term in kept)
        and is_subsequence(
            [word for word in bare(text) if word not in {"the", "a", "an", "my", "our"}], bare(claim.evidence.citation.quote)
        )
    )
