"""Asks for an entry written from proven claims, and keeps of it what is proven."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from diarist.diary.not_people import NOT_PEOPLE
from diarist.diary.proof import bare, mention_faults
from diarist.diary.title import LONGEST as LONGEST_TITLE
from diarist.diary.written.answers import WrittenEntry, WrittenMention
from diarist.diary.written.asking import Clerk
from diarist.diary.written.claims import Proven, citations_of
from diarist.diary.written.faithful import faults
from diarist.diary.written.feeling import proven_mood
from diarist.diary.written.headings import proves_title
from diarist.diary.written.hearing import Hearing
from diarist.diary.written.prompts import fenced, prompt
from diarist.diary.written.style import ASKED_FOR, Style
from diarist.diary.written.things_to_do import proven_item
from diarist.diary.written.wording import own_words
from diarist.domain.diary import ActionItem, Citation, Dropped, Mention, Mood, Sentence
from diarist.domain.given_names import GIVEN_NAMES
from diarist.llm.asking import Ask
from diarist.llm.tokens import likely

UNKNOWN, UNCITED = "cites a claim that there is not", "cites no claim"
_NO_PEOPLE = NOT_PEOPLE - GIVEN_NAMES


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence, and which claims it tells."""

    sentence: Sentence
    claims: tuple[Proven, ...]


@dataclass(slots=True)
class Draft:
    """What an answer holds that is proven."""

    title: str | None = None
    told: list[Told] = field(default_factory=list)
    action_items: list[ActionItem] = field(default_factory=list)
    people: list[Mention] = field(default_factory=list)
    places: list[Mention] = field(default_factory=list)
    topics: list[Mention] = field(default_factory=list)
    mood: Mood | None = None
    quotes: list[Citation] = field(default_factory=list)
    written: int = 0
    dropped: list[Dropped] = field(default_factory=list)
    failed: list[Proven] = field(default_factory=list)
    """Claims of which no sentence that tells them is proven."""


def batches(claims: Sequence[Proven], tokens: int) -> list[list[Proven]]:
    """The claims in order, in as many batches as it takes for each to be read at once."""
    found: list[list[Proven]] = [[]]
    taken = 0
    for place, claim in enumerate(claims):
        size = likely(_line(place, claim)) + 1
        if found[-1] and taken + size > tokens:
            found.append([])
            taken = 0
        found[-1].append(claim)
        taken += size
    return [batch for batch in found if batch]


async def entry_of(claims: Sequence[Proven], hearing: Hearing, clerk: Clerk, style: Style, share: float) -> Draft:
    """What a model writes of these claims, a `share` of all; raises `NoModelAnswered` and `MaskingFailed`."""
    ask = Ask(
        purpose="diary.entry",
        prompt_version=f"{prompt('entry').label} {style.label}"[:60],
        system=told_to_write(style, hearing.transcript.language, share),
        prompt=fenced("claims", "\n".join(_line(place, claim) for place, claim in enumerate(claims))),
        answer=WrittenEntry,
        max_output_tokens=clerk.room.answer,
    )
    answer = await clerk.ask(ask)
    draft = checked(answer.value, claims, hearing)
    await clerk.judge(answer, said=draft.written, dropped=len(draft.dropped))
    return draft


def told_to_write(style: Style, language: str | None, share: float) -> str:
    """Our part of the question: the prompt with what the template says."""
    return prompt("entry").text.format(
        person=ASKED_FOR,
        language=f"the language with the ISO 639-1 code {language!r}" if language else "the language of the claims",
        tone=style.tone,
        length=style.how_long(share),
        guidance=style.guidance,
    )


def _line(place: int, claim: Proven) -> str:
    return f'c{place + 1} {claim.kind}: {claim.text} (said: "{claim.evidence.citation.quote}")'


def checked(answer: WrittenEntry, claims: Sequence[Proven], hearing: Hearing) -> Draft:
    """Keep what is proven."""
    known = {f"c{place + 1}": claim for place, claim in enumerate(claims)}

    def by_name(names: Iterable[str]) -> list[Proven]:
        return [known[name] for name in dict.fromkeys(names) if name in known]

    draft = Draft(written=len(answer.sentences))
    for sentence in answer.sentences:
        cited = by_name(sentence.claims)
        reason = _fault(sentence.text, sentence.claims, cited, known, hearing)
        if reason is None:
            text = " ".join(sentence.text.split())
            cited = _told_by(text, cited, hearing)
            draft.told.append(Told(Sentence(text=text, citations=citations_of(cited)), tuple(cited)))
        else:
            draft.dropped.append(Dropped(text=sentence.text, reason=reason))
            draft.failed += cited
    done = [claim for told in draft.told for claim in told.claims]
    draft.failed = [claim for claim in dict.fromkeys(draft.failed) if claim not in done]
    draft.title = answer.title.strip() if proves_title(answer.title, claims, hearing) else None
    draft.people = [one for one in _mentions(answer.people, known, hearing, named=True) if not _NO_PEOPLE & set(bare(one.name))]
    draft.places = _mentions(answer.places, known, hearing, named=True)
    draft.topics = _mentions(answer.topics, known, hearing, named=False)
    items = (proven_item(item, by_name(item.claims), hearing) for item in answer.action_items)
    draft.action_items = [item for item in items if item is not None]
    draft.mood = proven_mood(answer.mood, by_name(answer.mood.claims), hearing) if answer.mood else None
    draft.quotes = [claim.evidence.citation for claim in by_name(answer.quotes) if not claim.evidence.reported][:3]
    return draft


def _fault(text: str, names: Sequence[str], cited: Sequence[Proven], known: dict[str, Proven], hearing: Hearing) -> str | None:
    if not names:
        return UNCITED
    if any(name not in known for name in names):
        return UNKNOWN
    found = faults(text, [claim.evidence for claim in cited], english=hearing.english, strict=hearing.strict)
    return found[0] if found else None


def _told_by(text: str, cited: Sequence[Proven], hearing: Hearing) -> list[Proven]:
    """Of the claims that a sentence cites those that it tells, as far as that can be known."""
    used = own_words(text, [claim.evidence for claim in cited]) if hearing.english and hearing.strict else None
    return [claim for place, claim in enumerate(cited) if used is None or place in used]


def _mentions(found: Sequence[WrittenMention], known: dict[str, Proven], hearing: Hearing, *, named: bool) -> list[Mention]:
    mentions: list[Mention] = []
    for one in found:
        citations = tuple(
            claim.evidence.citation
            for name in dict.fromkeys(one.claims)
            if (claim := known.get(name)) and not mention_faults(one.name, (claim.evidence.citation,), hearing.speech)
        )
        name = " ".join(one.name.split())[:LONGEST_TITLE]
        if citations and (not named or any(letter.isupper() for letter in name)) and name.lower() not in _names(mentions):
            mentions.append(Mention(name=name, citations=citations))
    return mentions


def _names(mentions: Sequence[Mention]) -> set[str]:
    return {one.name.lower() for one in mentions}
