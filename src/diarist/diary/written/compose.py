"""Makes an entry with a language model, of proven claims in proven sentences; without one it is the speaker's own sentences."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from diarist.diary.compose import compose, compose_heard
from diarist.diary.title import shortened
from diarist.diary.written.asking import Clerk
from diarist.diary.written.claims import Checked, Proven, claims_of
from diarist.diary.written.headings import proves_title
from diarist.diary.written.hearing import Hearing
from diarist.diary.written.prompts import version
from diarist.diary.written.spoken import as_spoken
from diarist.diary.written.style import Style
from diarist.diary.written.windows import Window, windows, written
from diarist.diary.written.writing import Draft, Told, batches, entry_of
from diarist.domain.diary import ActionItem, Entry, Mention, Provenance, any_overlap
from diarist.domain.transcript import Transcript
from diarist.errors import MaskingFailed, NoModelAnswered
from diarist.telemetry.processor import in_thread

NO_ANSWER = "No language model answered, so this entry holds the speaker's own sentences."
NOT_MASKED = (
    "Nothing was sent to a language model, since the text could not be masked; this entry holds the speaker's own sentences."
)
NOTHING_PROVEN = "Nothing that the language model wrote could be proven, so this entry holds the speaker's own sentences."
UNREAD = "A part of the recording was read without a language model; its most telling sentences stand as they were spoken."
_HALVINGS = 2
"""Times that a window which nobody answers for is cut in two: it may be too long for the models that are left."""
_TELLING = 40
"""Words of a window of which at least one claim is expected."""


@dataclass(slots=True)
class _Read:
    """What was read of the transcript."""

    claims: Checked = field(default_factory=Checked)
    windows: int = 0
    unread: int = 0


async def compose_written(transcript: Transcript, clerk: Clerk, style: Style, *, strict: bool = True) -> Entry:
    """The entry; how it was made, and what of it was dropped, is in its provenance.

    `strict`: a sentence that is not in the words that were said stands as it was spoken.
    """
    hearing = await in_thread(Hearing, transcript, strict=strict)
    plain = await in_thread(compose_heard, hearing.heard)
    if not plain.sentences:
        return plain
    read = _Read()
    drafts: list[Draft] = []
    failure: str | None = None
    try:
        read = await _read(hearing, clerk)
        drafts = await _write(read.claims.proven, hearing, clerk, style)
    except NoModelAnswered:
        failure = NO_ANSWER
    except MaskingFailed:
        failure = NOT_MASKED
    told = [told for draft in drafts for told in draft.told]
    failed = [claim for draft in drafts for claim in draft.failed]
    rescued = [
        Told(sentence, (claim,))
        for sentence, claim in as_spoken(failed, [claim for one in told for claim in one.claims], hearing)
    ]
    provenance = _provenance(clerk, style, read, drafts, len(rescued))
    if failure or not (told or rescued):
        return replace(plain, provenance=replace(provenance, in_own_words=0), notes=(*plain.notes, failure or NOTHING_PROVEN))
    return _entry(plain, _placed(told, rescued), drafts, provenance, hearing)


async def _read(hearing: Hearing, clerk: Clerk) -> _Read:
    """The proven claims of the whole transcript. Raises `NoModelAnswered` when no window could be read."""
    cut = windows(hearing.transcript, clerk.room.window)
    gate = asyncio.Semaphore(clerk.at_once)

    async def one(window: Window) -> tuple[Checked, bool]:
        async with gate:
            return await _window(window, hearing, clerk)

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(window)) for window in cut]
    except ExceptionGroup as several:
        raise several.exceptions[0] from several
    read = _Read(windows=len(cut))
    for task in tasks:
        checked, unread = task.result()
        read.claims.add(checked)
        read.unread += unread
    if cut and not clerk.calls:
        raise NoModelAnswered
    return read


async def _window(window: Window, hearing: Hearing, clerk: Clerk, halvings: int = _HALVINGS) -> tuple[Checked, bool]:
    """Claims of a window; what no model reads, even in halves, speaks for itself. Also tells whether there is such a piece."""
    try:
        checked = await claims_of(window, hearing, clerk)
    except NoModelAnswered:
        if clerk.calls and window.first < window.last and halvings:
            first, second = window.half()
            checked, unread = await _window(first, hearing, clerk, halvings - 1)
            more, more_unread = await _window(second, hearing, clerk, halvings - 1)
            checked.add(more)
            return checked, unread or more_unread
        checked = Checked()
    else:
        if checked.proven or len(written(hearing.transcript, window).split()) < _TELLING:
            return checked, False
    own = await in_thread(_spoken_claims, window, hearing)
    return Checked(own, checked.found, checked.dropped), True


def _spoken_claims(window: Window, hearing: Hearing) -> list[Proven]:
    """The most telling sentences of a window, as claims in the speaker's own words."""
    segments = tuple(
        segment if window.first <= at <= window.last else replace(segment, suspicions=("elsewhere",))
        for at, segment in enumerate(hearing.transcript.segments)
    )
    entry = compose(replace(hearing.transcript, segments=segments))
    found: list[Proven] = []
    for sentence in entry.sentences:
        evidence = hearing.evidence(sentence.citations[0].quote, sentence.citations[0].segment_ids)
        if not isinstance(evidence, str):
            found.append(Proven(sentence.text, "fact", evidence))
    return found


async def _write(claims: Sequence[Proven], hearing: Hearing, clerk: Clerk, style: Style) -> list[Draft]:
    """A draft for each batch of claims; a later batch that nobody answers for is told in the speaker's own words."""
    drafts: list[Draft] = []
    for batch in batches(claims, clerk.room.window):
        try:
            drafts.append(await entry_of(batch, hearing, clerk, style, len(batch) / len(claims)))
        except NoModelAnswered:
            if not drafts:
                raise
            drafts.append(Draft(failed=list(batch)))
    return drafts


def _provenance(clerk: Clerk, style: Style, read: _Read, drafts: Sequence[Draft], in_own_words: int) -> Provenance:
    provider, model = clerk.answered_by
    return Provenance(
        model=model, provider=provider, prompt_version=version(), template=style.label, cost_usd=clerk.cost, calls=clerk.calls,
        cached=clerk.cached, windows=read.windows, windows_unread=read.unread, claims_found=read.claims.found,
        claims_dropped=dict(read.claims.dropped), sentences_written=sum(draft.written for draft in drafts),
        sentences_dropped=tuple(one for draft in drafts for one in draft.dropped),
        in_own_words=in_own_words, receipts=tuple(clerk.receipts),
    )  # fmt: skip


def _entry(plain: Entry, told: Sequence[Told], drafts: Sequence[Draft], provenance: Provenance, hearing: Hearing) -> Entry:
    """Put the drafts together; what a model did not see and rules do is added."""
    moods = [draft.mood for draft in drafts if draft.mood]
    people = _merged([*(one for draft in drafts for one in draft.people), *plain.people])
    names = {one.name.lower() for one in people}
    places = _merged([one for draft in drafts for one in draft.places if one.name.lower() not in names])
    notes = (*plain.notes, UNREAD) if provenance.windows_unread else plain.notes
    return replace(
        plain,
        title=next((draft.title for draft in drafts if draft.title), None) or _title(plain, told, hearing),
        sentences=tuple(one.sentence for one in told),
        action_items=_items([*plain.action_items, *(item for draft in drafts for item in draft.action_items)]),
        people=people,
        places=places,
        topics=_merged([one for draft in drafts for one in draft.topics]) or plain.topics,
        mood=moods[0] if len(moods) == 1 else plain.mood,
        quotes=tuple(quote for draft in drafts for quote in draft.quotes)[:3],
        composed_by=f"{provenance.provider}/{provenance.model}"[:80],
        notes=notes,
        provenance=provenance,
    )


def _title(plain: Entry, told: Sequence[Told], hearing: Hearing) -> str:
    """What the speech is about, if that is proven as well; else the first sentence."""
    if proves_title(plain.title, [claim for one in told for claim in one.claims], hearing):
        return plain.title
    topics = {topic.name.lower() for topic in plain.topics}
    if {part.strip().lower() for part in plain.title.split(",")} <= topics:
        return plain.title
    return shortened(told[0].sentence.text.rstrip("."))


def _placed(told: Sequence[Told], rescued: Sequence[Told]) -> list[Told]:
    """As written, each rescued sentence before the first that was spoken later."""
    placed = list(told)
    for one in rescued:
        later = (at for at, other in enumerate(placed) if _start(other) > _start(one))
        placed.insert(next(later, len(placed)), one)
    return placed


def _start(told: Told) -> float:
    return told.sentence.citations[0].start


def _merged(mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    merged: dict[str, Mention] = {}
    for one in mentions:
        known = merged.get(one.name.lower())
        citations = (*(known.citations if known else ()), *one.citations)
        unique = tuple(sorted(dict.fromkeys(citations), key=lambda citation: citation.start))
        merged[one.name.lower()] = Mention(name=known.name if known else one.name, citations=unique)
    return tuple(merged.values())


def _items(items: Sequence[ActionItem]) -> tuple[ActionItem, ...]:
    """Each thing to do once: of two whose quotes overlap the first."""
    kept: list[ActionItem] = []
    for item in items:
        if not any(any_overlap(item.citations, other.citations) for other in kept):
            kept.append(item)
    return tuple(sorted(kept, key=lambda item: item.citations[0].start))
