"""Transcripts made from text, timed as if somebody had said it: a word takes 0.3 s, the end of a sentence another 0.5 s."""

from __future__ import annotations

from collections.abc import Sequence

from diarist.domain.transcript import Gap, Segment, Transcript, Word

WORD_SECONDS = 0.3
SENTENCE_PAUSE = 0.5


def heard(
    text: str, *, segment_words: int = 12, language: str | None = "en", gaps: Sequence[Gap] = (), probability: float = 0.95
) -> Transcript:
    """A transcript whose segments hold so many words each, whatever the sentences, as Whisper's do."""
    pieces = text.split()
    segments: list[Segment] = []
    time = 0.0
    for first in range(0, len(pieces), segment_words):
        words: list[Word] = []
        for piece in pieces[first : first + segment_words]:
            words.append(Word(start=round(time, 2), end=round(time + WORD_SECONDS, 2), text=piece, probability=probability))
            time += WORD_SECONDS + (SENTENCE_PAUSE if piece.endswith((".", "?", "!")) else 0.0)
        segments.append(
            Segment(
                start=words[0].start,
                end=words[-1].end,
                text=" ".join(word.text for word in words),
                probability=probability,
                words=tuple(words),
            )
        )
    return Transcript(
        duration=time,
        language=language,
        language_probability=None,
        engine="scripted",
        model="none",
        segments=tuple(segments),
        gaps=tuple(gaps),
    )
