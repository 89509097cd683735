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
    """Keep what is proven; of claims with the same quote the first. If strict, the quote of a false claim stands for it."""
    result = Checked(found=len(claims))
    known: set[tuple[int, int]] = set()
    for claim in claims:
        evidence = hearing.evidence(claim.quote, claim.segment_ids)
        if isinstance(evidence, str):
            result.dropped[evidence] += 1
        elif reason := unusable(evidence, hearing):
            result.dropped[reason] += 1
        else:
            found = faults(claim.text, [evidence], english=hearing.english, strict=hearing.strict)
            result.dropped.update(found[:1])
            if (hearing.strict or not found) and (evidence.first, evidence.last) not in known:
                known.add((evidence.first, evidence.last))
                # The quote was said, whatever a model makes of it.
                text = evidence.citation.quote if found else claim.text
                result.proven.append(Proven(text, claim.kind, evidence))
    result.proven.sort(key=lambda claim: (claim.evidence.first, claim.evidence.last))
    return result


def unusable(evidence: Evidence, hearing: Hearing) -> str | None:
    """What speaks against a quote, whatever is claimed by it."""
    if hearing.english and not any(term.piece in evidence.quoted and term.role is not Role.LINK for term in evidence.terms):
        return DOES_NOT_COUNT
    if is_withdrawn(evidence, hearing):
        return WITHDRAWN
    return None


def is_withdrawn(evidence: Evidence, hearing: Hearing) -> bool:
    """Whether it is a plan that is said to be off, or done, later on."""
    if not any(term.role is Role.LIMIT and term.key in OBLIGING for term in evidence.terms):
        return False
    if any(term.key == "not" for term in evidence.terms):
        return False
    deed = [term.word for term in evidence.terms if term.piece in evidence.quoted and term.role in {Role.CONTENT, Role.NAME}]
    return denied(deed, [named for index, named in hearing.denials if index > evidence.utterances[-1]])
