"""The engine that needs no model: says the same wherever there is speech. For tests, demonstrations and load.

Its `model` is a script, `;` between settings, all of them optional; `auto` is the empty script:

    say=I came. I saw.   the words of each chunk, one each 0.4 s of speech; without it, it counts as long as there is speech
    language=fr          what it says the language is; without it `en`, or what it was asked for
    translate=I came.    the words of a translation; without it, it cannot translate
    loop=and so          says these words over and over as long as there is speech
    phantom=Thanks.      says this too, in the midst of the longest silence of each chunk, against the rules of engines
    doubted=I cane.      the words that it claims to have heard at first where it speaks first, and then to have heard otherwise
    belief=0.2           how probable it says its words are; without it 0.99
    careful=I left.      the words of a hearing with care, in which it does not loop, invent or doubt; empty: it hears nothing
    mute=12.5-20         says nothing of what lies between these seconds of a chunk, whoever speaks there
    speed=40             seconds of audio a second; without it, as fast as it can
    fail=2               the first two chunks fail with a retryable error
    die=1                the first chunk kills the engine's process
    hang=1               the first chunk never ends
    after=3              segments that come before a chunk fails, dies or hangs; without it none
    once=/tmp/happened   a chunk fails, dies or hangs only if there is no such file, and makes it first

`fail`, `die` and `hang` count in the life of one process.
"""

from __future__ import annotations

import math
import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count, cycle, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diarist.domain.audio import SAMPLE_RATE, Span
from diarist.domain.manner import SpeechTask
from diarist.domain.transcript import Segment, Word
from diarist.errors import EngineCannot, EngineFailed, ModelUnavailable
from diarist.ports.transcription_engine import DOUBTED, UNGUIDED, EngineOptions, Guidance, Hearing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WORD_SECONDS = 0.4
"""How long each word takes."""
SEGMENT_SECONDS = 5.0
"""Longest segment."""
_NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


_BELIEF = 0.99
_NEVER = Span(0.0, 0.0)


@dataclass(slots=True, kw_only=True)
class Script:
    """The settings of the module's docstring, by their names; the counters run down."""

    say: str = ""
    language: str = "en"
    translate: str = ""
    loop: str = ""
    phantom: str = ""
    doubted: str = ""
    belief: float = _BELIEF
    careful: str | None = None
    silent: bool = False
    mute: Span = _NEVER
    speed: float = float("inf")
    fail: int = 0
    die: int = 0
    hang: int = 0
    after: int = 0
    once: str = ""


def _span(text: str) -> Span:
    start, end = map(float, text.split("-"))
    return Span(start, end)


_KINDS: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(("say", "language", "translate", "loop", "phantom", "doubted", "careful", "once"), str),
    **dict.fromkeys(("fail", "die", "hang", "after"), int),
    **dict.fromkeys(("speed", "belief"), float),
    "mute": _span,
}


def open_engine(options: EngineOptions) -> ScriptedEngine:
    """Read the script; raises `ModelUnavailable` for one that it does not understand."""
    text = "" if options.model == "auto" else options.model
    try:
        pairs = [part.strip().split("=", 1) for part in text.split(";") if part.strip()]
        script = Script(**{name: _KINDS[name](value) for name, value in pairs})
    except (KeyError, ValueError) as error:
        raise ModelUnavailable(
            f"the script {text!r} cannot be read: {error}", advice="Its settings stand in `scripted.py`, such as speed=40."
        ) from error
    if not script.speed > 0:
        raise ModelUnavailable(f"the script {text!r} cannot be played: speed must be more than 0")
    return ScriptedEngine(script)


class ScriptedEngine:
    """A `TranscriptionEngine` that hears what its script says."""

    name = "scripted"
    model = "counting"

    def __init__(self, script: Script) -> None:
        self._script = script
        self._closed = False

    def transcribe(self, samples: NDArray[np.float32], speech: Sequence[Span], guidance: Guidance = UNGUIDED) -> Hearing:
        """Speak through the speech; see `TranscriptionEngine.transcribe`."""
        if self._closed:
            raise EngineFailed("The engine is closed.")
        end = len(samples) / SAMPLE_RATE
        heard = [Span(max(0.0, span.start), min(span.end, end)) for span in speech if span.start < min(span.end, end)]
        script = self._script
        if guidance.task is SpeechTask.TRANSLATE:
            if not script.translate:
                raise EngineCannot("The script holds no translation.")
            script = replace(script, say=script.translate, loop="", phantom="", doubted="")
        elif guidance.careful and script.careful is not None:
            script = replace(
                script, say=script.careful, silent=not script.careful, loop="", phantom="", doubted="", belief=_BELIEF
            )
        phantom = _phantom(script, heard, end)
        if script.silent or not (heard or phantom):
            return Hearing(None, None, iter(()))
        segments = _with(phantom, self._speak(script, heard, guidance.temperature))
        return Hearing(guidance.language or script.language, 1.0, segments, _doubted(script, heard))

    def close(self) -> None:
        """Nothing is held."""
        self._closed = True

    def _speak(self, script: Script, speech: Sequence[Span], temperature: float) -> Iterator[Segment]:
        said = _words(script)
        for given, span in enumerate(_cut(_without(speech, script.mute))):
            if given == script.after:
                self._trouble()
            places = range(max(1, int(span.duration / WORD_SECONDS)))
            texts = [text for _, text in zip(places, said, strict=False)]
            if not texts:
                return
            time.sleep(span.duration / script.speed)
            segment = replace(_segment(texts, span, script.belief), temperature=temperature)
            yield segment if script.say or script.loop else replace(segment, text=segment.text.capitalize() + ".")

    def _trouble(self) -> None:
        script = self._script
        if not (script.fail or script.die or script.hang) or (script.once and Path(script.once).exists()):
            return
        if script.once:
            Path(script.once).touch()
        if script.die:
            os.kill(os.getpid(), signal.SIGKILL)
        if script.hang:
            script.hang -= 1
            while True:
                signal.pause()
        script.fail -= 1
        raise EngineFailed("The script says that this chunk fails.")


def _words(script: Script) -> Iterator[str]:
    if script.loop:
        return cycle(script.loop.split())
    return iter(script.say.split()) if script.say else map(_spelled, count(1))


def _phantom(script: Script, speech: Sequence[Span], end: float) -> Segment | None:
    """In the middle of the longest silence."""
    texts = script.phantom.split()
    if not texts:
        return None
    silences = [Span(before.end, after.start) for before, after in pairwise((Span(0, 0), *speech, Span(end, end)))]
    silence = max(silences, key=lambda span: span.duration)
    start = (silence.start + silence.end - len(texts) * WORD_SECONDS) / 2
    return _segment(texts, Span(start, math.inf), script.belief)


def _doubted(script: Script, speech: Sequence[Span]) -> list[Segment]:
    texts = script.doubted.split()
    return [replace(_segment(texts, span, script.belief), suspicions=(DOUBTED,)) for span in speech[:1] if texts]


def _segment(texts: Sequence[str], span: Span, belief: float) -> Segment:
    """Words from the start of the span on; none ends behind it."""
    starts = [span.start + place * WORD_SECONDS for place in range(len(texts) + 1)]
    words = tuple(
        Word(start=start, end=min(end, span.end), text=text, probability=belief)
        for text, (start, end) in zip(texts, pairwise(starts), strict=True)
    )
    text = " ".join(word.text for word in words)
    return Segment(start=words[0].start, end=words[-1].end, text=text, probability=belief, words=words)


def _with(phantom: Segment | None, segments: Iterator[Segment]) -> Iterator[Segment]:
    for segment in segments:
        if phantom and segment.start > phantom.start:
            yield phantom
            phantom = None
        yield segment
    if phantom:
        yield phantom


def _spelled(number: int) -> str:
    return "-".join(_NUMBERS[int(digit)] for digit in str(number))


def _without(speech: Sequence[Span], mute: Span) -> Iterator[Span]:
    for span in speech:
        for start, end in ((span.start, min(span.end, mute.start)), (max(span.start, mute.end), span.end)):
            if start < end:
                yield Span(start, end)


def _cut(speech: Iterable[Span]) -> Iterator[Span]:
    """The spans, long ones in pieces."""
    for span in speech:
        start = span.start
        while start < span.end:
            end = min(start + SEGMENT_SECONDS, span.end)
            yield Span(start, end)
            start = end
