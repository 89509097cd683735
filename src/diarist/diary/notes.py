"""What a reader should know about an entry besides what it says."""

from __future__ import annotations

from collections.abc import Sequence

from diarist.diary.utterances import Utterance
from diarist.domain.clock import clock
from diarist.domain.transcript import Transcript

SILENT = "Nothing was said in this recording."
ONLY_SOUNDS = "Nothing was said in this recording beyond filler words."
DOUBTED = "Some of what was heard is doubtful and is not told here; the transcript marks it."
PARTIAL = "This entry covers only a part of the recording; the rest is still being transcribed."
ENGLISH_ONLY = "Action items, people, topics and mood are only recognised in English so far."
HARD_TO_HEAR = "Much of this recording was hard to hear; compare the quotes with the recording."
# Mean belief of the engine in its words below which they are more guess than hearing.
CLEAR = 0.75


def notes(transcript: Transcript, utterances: Sequence[Utterance], *, english: bool, told: bool) -> tuple[str, ...]:
    """Notes for an entry; `told` when it has sentences."""
    found: list[str] = []
    doubted = any(segment.suspicions for segment in transcript.segments)
    if not told and (utterances or not doubted):
        found.append(ONLY_SOUNDS if utterances else SILENT)
    if doubted:
        found.append(DOUBTED)
    found.extend(
        f"{clock(gap.span.start)} to {clock(gap.span.end)} could not be transcribed."
        for gap in sorted(transcript.gaps, key=lambda gap: gap.span.start)
    )
    if transcript.partial:
        found.append(PARTIAL)
    if told and not english:
        found.append(ENGLISH_ONLY)
    heard = [word.probability for utterance in utterances for word in utterance.words]
    if told and sum(heard) < CLEAR * len(heard):
        found.append(HARD_TO_HEAR)
    return tuple(found)
