"""Transcripts written by hand or by chance, for whatever is made of transcripts."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from diarist.domain.audio import Span
from diarist.domain.coverage import Coverage, CoverageLabel, CoverageSpan
from diarist.domain.transcript import Gap, Segment, Transcript, Word
from diarist.transcription.formats.document import Origin

ORIGIN = Origin(
    recording_id="019a0c5e-7a3f-71d2-9b0c-6a3f0f0b8e11",
    title="Tuesday *evening*: a walk",
    spoken_at=datetime(2026, 11, 3, 19, 20, 11, tzinfo=UTC),
    audio_url="https://diary.example/v1/recordings/019a0c5e-7a3f-71d2-9b0c-6a3f0f0b8e11/audio",
)


def transcript(*segments: Segment, gaps: tuple[Gap, ...] = (), **more: Any) -> Transcript:
    length = max([0.0, *(segment.end for segment in segments), *(gap.span.end for gap in gaps)])
    told = {"duration": length + 1, "language": "en", "language_probability": 0.9, "engine": "scripted", "model": "words"}
    return Transcript(**{**told, **more}, segments=segments, gaps=gaps)


def segment(start: float, end: float, text: str, **more: Any) -> Segment:
    """Without words."""
    return Segment(start=start, end=end, text=text, probability=0.9, **more)


def spoken(start: float, text: str, *, between: str = " ", pace: float = 0.07, pause: float = 0.5, **more: Any) -> Segment:
    """A segment with words: `pace` seconds a character, `pause` seconds after a sentence."""
    words: list[Word] = []
    clock = start
    for said in text.split(between) if between else list(text):
        words.append(Word(start=clock, end=clock + pace * len(said), text=said, probability=0.9))
        clock = words[-1].end + (pause if said[-1] in ".?!。" else 0.02)
    return segment(start, words[-1].end, text, words=tuple(words), **more)


def gap(start: float, end: float) -> Gap:
    return Gap(span=Span(start, end), code="engine_failed", message="The engine failed.")


def coverage(*lengths: tuple[CoverageLabel, float]) -> Coverage:
    """One label after the other, each for so many seconds."""
    spans, clock = [], 0.0
    for label, seconds in lengths:
        spans.append(CoverageSpan(start=clock, end=clock + seconds, label=label, reason=""))
        clock += seconds
    return Coverage(spans=tuple(spans))


_LETTERS = {
    " ": st.text(alphabet="abcdefgéüßжя-'\"&<>*_[]#", min_size=1, max_size=12),
    "": st.sampled_from([*"我们今天去公园散步了カ゚ーสวัสดี。,!", "了。", "diary"]),
}


@st.composite
def transcripts(draw: st.DrawFn) -> Transcript:
    """Any valid transcript: words in order inside their segments, of any length and at any distance, none included."""
    clock = 0.0
    segments: list[Segment] = []
    for _ in range(draw(st.integers(0, 4))):
        between = draw(st.sampled_from([" ", ""]))
        said = draw(st.lists(_LETTERS[between], min_size=1, max_size=25))
        words: list[Word] = []
        begin = clock = clock + draw(st.sampled_from([0.0, 0.1, 0.4, 3.0]))
        for text in said:
            end = clock + draw(st.sampled_from([0.0, 0.05, 0.3, 0.9, 8.0]))
            words.append(Word(start=clock, end=end, text=text + draw(st.sampled_from(["", "", "", ".", ","])), probability=0.5))
            clock = end + draw(st.sampled_from([0.0, 0.0, 0.02, 0.6, 2.5]))
        text = between.join(word.text for word in words)
        suspicions = draw(st.sampled_from([(), (), ("repetition",)]))
        kept = tuple(words) if draw(st.integers(0, 3)) else ()
        segments.append(segment(begin, words[-1].end, text, words=kept, suspicions=suspicions))
        clock = words[-1].end
    return transcript(*segments)
