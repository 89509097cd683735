"""Asks what a stretch of a transcript says, and keeps of the answer what is proven."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from diarist.diary.withdrawals import denied
from diarist.diary.written.answers import Claim, Claims
from diarist.diary.written.asking import Clerk
from diarist.diary.written.faithful import faults
from diarist.diary.written.hearing import Evidence, Hearing
from diarist.diary.written.prompts import fenced, prompt
from diarist.diary.written.terms import Role
from diarist.diary.written.vocabulary import OBLIGING
from diarist.diary.written.windows import Window, written
from diarist.domain.diary import Citation
from diarist.llm.asking import Ask

WITHDRAWN = "taken back later"
DOES_NOT_COUNT = "corrected, ironic or addressed to a machine"


@dataclass(frozen=True, slots=True)
class Proven:
    """A claim with its proof."""

    text: str
    kind: str
    evidence: Evidence


@dataclass(slots=True)
class Checked:
    """What became of the claims of an answer, or of several."""

    proven: list[Proven] = field(default_factory=list)
    found: int = 0
    dropped: Counter[str] = field(default_factory=Counter)

    def add(self, other: Checked) -> None:
        """Put those of a later piece behind these."""
        self.proven += other.proven
        self.found += other.found
        self.dropped += other.dropped


def citations_of(claims: Sequence[Proven]) -> tuple[Citation, ...]:
    """Their quotes, each once."""
    return tuple(dict.fromkeys(claim.evidence.citation for claim in claims))


async def claims_of(window: Window, hearing: Hearing, clerk: Clerk) -> Checked:
    """The proven claims of a window; raises `NoModelAnswered` and `MaskingFailed`."""
    ask = Ask(
        purpose="diary.claims",
        prompt_version=prompt("claims").label,
        system=prompt("claims").text,
        prompt=fenced("transcript", written(hearing.transcript, window)),
        answer=Claims,
        max_output_tokens=clerk.room.answer,
    )
    answer = await clerk.ask(ask)
    found = checked(answer.value.claims, hearing)
    await clerk.judge(answer, said=found.found, dropped=found.dropped.total())
    return found


def checked(claims: Sequence[Claim], hearing: Hearing) -> Checked:
    """Keep what is proven; of claims with the same quote the first."""
    result = Checked(found=len(claims))
    known: set[tuple[int, int]] = set()
    for claim in claims:
        evidence = hearing.evidence(claim.quote, claim.segment_ids)
        if isinstance(evidence, str):
            result.dropped[evidence] += 1
        elif reason := fault(claim.text, evidence, hearing):
            result.dropped[reason] += 1
        elif (evidence.first, evidence.last) not in known:
            known.add((evidence.first, evidence.last))
            result.proven.append(Proven(claim.text, claim.kind, evidence))
    result.proven.sort(key=lambda claim: (claim.evidence.first, claim.evidence.last))
    return result


def fault(text: str, evidence: Evidence, hearing: Hearing) -> str | None:
    """The first thing that speaks against a claim."""
    if hearing.english and not any(term.piece in evidence.quoted and term.role is not Role.LINK for term in evidence.terms):
        return DOES_NOT_COUNT
    if is_withdrawn(evidence, hearing):
        return WITHDRAWN
    found = faults(text, [evidence], english=hearing.english)
    return found[0] if found else None


def is_withdrawn(evidence: Evidence, hearing: Hearing) -> bool:
    """Whether it is a plan that is said to be off, or done, later on."""
    if not any(term.role is Role.LIMIT and term.key in OBLIGING for term in evidence.terms):
        return False
    if any(term.key == "not" for term in evidence.terms):
        return False
    deed = [term.word for term in evidence.terms if term.piece in evidence.quoted and term.role in {Role.CONTENT, Role.NAME}]
    return denied(deed, [named for index, named in hearing.denials if index > evidence.utterances[-1]])
