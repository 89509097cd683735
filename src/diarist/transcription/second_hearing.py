"""Hears what the firewall suspects a second time, and keeps the better of the two readings.

The rule, for each stretch of suspect segments:

1. Where the second hearing finds nothing, or only text over silence once more, or no voice is near to be heard: segments over
   silence, phantom phrases, and those that the engine itself took for silence rather than speech, or did not hear again when it
   doubted them, are withdrawn. The others stay, marked.
2. Where it finds text, that text wins if fewer suspicions rest on a word of it on average, or as many and its words are more
   probable; but not if it has less than 0.8 times the words of the segments that nothing accuses of too many.
3. If both are the same words, those stay, with the better of the two judgements. Otherwise what lost is withdrawn.

A withdrawn text is kept beside the segments, never dropped in silence, and so is what an engine doubted and replaced itself. What
stays suspect is marked. Only `doubts.BUDGET` of a chunk's voice is heard again, the weightiest first; the rest stays marked as it
is, except for what the engine did not hear again itself: that is withdrawn without a further hearing.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

import structlog

from diarist.domain.audio import Span
from diarist.domain.bare_text import bare_words
from diarist.domain.transcript import ChunkTranscript, Segment, Withdrawn
from diarist.errors import DiaristError
from diarist.ports.transcription_engine import UNCONFIRMED, Guidance
from diarist.transcription.clipping import heard_within
from diarist.transcription.doubts import Doubt, Rehearing, doubts, rehearings
from diarist.transcription.firewall import OVER_SILENCE, judge
from diarist.transcription.hypotheses import decide

Hear = Callable[[Sequence[Span], Guidance], AsyncGenerator[Segment | ChunkTranscript, None]]
"""Hears some spans of the chunk, as `EngineProcess.transcribe` does of a file."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Settled:
    """A chunk's answer after the second hearing."""

    heard: ChunkTranscript
    """With the `suspicions` that are left, and with what was withdrawn."""
    failure: DiaristError | None = None
    """Why the second hearing broke off; what it had not come to is marked as it was."""


async def settle(first: ChunkTranscript, speech: Sequence[Span], duration: float, guidance: Guidance, hear: Hear) -> Settled:
    """Judge a chunk's answer and hear again what is suspect; `speech` and `duration` in seconds of the chunk.

    `guidance`: as it was for the first hearing. A second hearing that fails costs nothing of the first.
    """
    judged = judge(first.segments, speech)
    found = doubts(judged, duration)
    if not found:
        return Settled(replace(first, segments=judged))
    again = _Again(first, judged, speech, replace(guidance, careful=True, vocabulary=()), hear)
    failure = None
    for rehearing in rehearings(found, speech):
        try:
            await again.consider(rehearing)
        except DiaristError as error:
            log.warning("second_hearing.failed", error=error.code)
            failure = error
            break
    return Settled(again.answer(), failure)


class _Again:
    """Holds the readings of a chunk while stretch after stretch is heard again."""

    def __init__(
        self, first: ChunkTranscript, judged: Sequence[Segment], speech: Sequence[Span], guidance: Guidance, hear: Hear
    ) -> None:
        self._first, self._judged, self._speech = first, judged, speech
        self._guidance, self._hear = guidance, hear
        self._standing: dict[int, tuple[int, tuple[Segment, ...]]] = {}
        """By the place of a doubt's first segment: the place after its last, and what stands there now."""
        self._withdrawn: list[Withdrawn] = []
        self._names = {(first.engine, first.model): None}
        """Who heard what stands; a dictionary for its order."""

    async def consider(self, rehearing: Rehearing) -> None:
        """Hear the stretch and decide on each of its doubts."""
        language = rehearing.doubts[0].language
        found: list[Segment] = []
        name: tuple[str, str] | None = None
        if rehearing.speech:
            guidance = replace(self._guidance, language=self._guidance.language or language or self._first.language)
            async with aclosing(self._hear(rehearing.speech, guidance)) as answer:
                async for item in answer:
                    if isinstance(item, ChunkTranscript):
                        name = (item.engine, item.model)
                    else:
                        found.append(replace(item, language=language))
        for doubt in rehearing.doubts:
            second = self._judged_in_place(doubt, found)
            standing, withdrawn = decide(self._judged[doubt.first : doubt.until], second)
            self._standing[doubt.first] = (doubt.until, standing)
            self._withdrawn += withdrawn
            if name and standing == second:
                self._names[name] = None

    def answer(self) -> ChunkTranscript:
        """What stands now, judged as a whole."""
        segments: list[Segment] = []
        place = 0
        while place < len(self._judged):
            until, standing = self._standing.get(place) or self._not_considered(place)
            segments.extend(standing)
            place = until
        engines, models = (", ".join(dict.fromkeys(names)) for names in zip(*self._names, strict=True))
        return replace(
            self._first,
            segments=judge(segments, self._speech),
            withdrawn=tuple(sorted((*self._first.withdrawn, *self._withdrawn), key=lambda one: one.start)),
            engine=engines,
            model=models,
        )

    def _not_considered(self, place: int) -> tuple[int, tuple[Segment, ...]]:
        """What stands of a segment that was not heard again here; that of an engine which did so itself is decided on by that."""
        standing = self._judged[place : place + 1]
        if UNCONFIRMED in standing[0].suspicions:
            standing, withdrawn = decide(standing, ())
            self._withdrawn += withdrawn
        return place + 1, tuple(standing)

    def _judged_in_place(self, doubt: Doubt, found: Sequence[Segment]) -> tuple[Segment, ...]:
        """The second reading as the firewall sees it among what stands round it; text over silence confirms nothing."""
        before, after = self._judged[: doubt.first], self._judged[doubt.until :]
        words = [bare_words(beside[0].text) if beside else () for beside in (before[-1:], after[:1])]
        second = heard_within(found, doubt.span, *words)
        whole = judge((*before, *second, *after), self._speech)
        return tuple(one for one in whole[len(before) : len(before) + len(second)] if OVER_SILENCE not in one.suspicions)
