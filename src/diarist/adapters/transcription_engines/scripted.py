"""The engine that needs no model: counts words wherever there is speech. For tests, demonstrations and load.

Its `model` is a script, `;` between settings, all of them optional:

    speed=40        seconds of audio a second; without it, as fast as it can
    fail=2          the first two chunks fail with a retryable error
    die=1           the first chunk kills the engine's process
    language=fr     what it says the language is; without it `en`, or what it was asked for

`fail` and `die` count in the life of one process. `auto` is the empty script.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from diarist.domain.audio import Span
from diarist.domain.transcript import Segment, Word
from diarist.errors import EngineFailed, ModelUnavailable
from diarist.ports.transcription_engine import EngineOptions, Hearing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WORD_SECONDS = 0.4
"""How long each word takes."""
SEGMENT_SECONDS = 5.0
"""Longest segment."""
_NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def open_engine(options: EngineOptions) -> ScriptedEngine:
    """Read the script; raises `ModelUnavailable` for one that it does not understand."""
    script = "" if options.model == "auto" else options.model
    values = dict(part.partition("=")[::2] for part in script.split(";") if part)
    try:
        return ScriptedEngine(
            speed=float(values.pop("speed", "inf")),
            failures=int(values.pop("fail", "0")),
            deaths=int(values.pop("die", "0")),
            language=values.pop("language", "en"),
            unknown=values,
        )
    except ValueError as error:
        raise ModelUnavailable(
            f"the script {script!r} cannot be read: {error}", advice="Its settings stand in `scripted.py`, such as speed=40."
        ) from error


class ScriptedEngine:
    """Says "one two three…" in every span of speech, a word each 0.4 s."""

    name = "scripted"

    def __init__(self, *, speed: float, failures: int, deaths: int, language: str, unknown: dict[str, str]) -> None:
        if unknown:
            raise ValueError(f"unknown setting {next(iter(unknown))!r}")
        if speed <= 0:
            raise ValueError("speed must be more than 0")
        self.model = "counting"
        self._speed = speed
        self._failures = failures
        self._deaths = deaths
        self._language = language

    def transcribe(
        self,
        samples: NDArray[np.float32],  # noqa: ARG002 - it hears nothing, it only speaks
        speech: Sequence[Span],
        *,
        language: str | None = None,
    ) -> Hearing:
        """Count through the speech; see `TranscriptionEngine.transcribe`."""
        if self._deaths:
            os.kill(os.getpid(), signal.SIGKILL)
        if self._failures:
            self._failures -= 1
            raise EngineFailed("The script says that this chunk fails.")
        if not speech:
            return Hearing(None, None, iter(()))
        return Hearing(language or self._language, 1.0, self._count(speech))

    def close(self) -> None:
        """Nothing is held."""

    def _count(self, speech: Sequence[Span]) -> Iterator[Segment]:
        number = 0
        for span in _cut(speech):
            words = []
            for place in range(max(1, int(span.duration / WORD_SECONDS))):
                number += 1
                start = span.start + place * WORD_SECONDS
                text = " ".join(_NUMBERS[int(digit)] for digit in str(number)).replace(" ", "-")
                words.append(Word(start=start, end=min(start + WORD_SECONDS, span.end), text=text, probability=0.99))
            time.sleep(span.duration / self._speed)
            text = " ".join(word.text for word in words)
            yield Segment(start=span.start, end=span.end, text=text.capitalize() + ".", probability=0.99, words=tuple(words))


def _cut(speech: Sequence[Span]) -> Iterator[Span]:
    """The spans, long ones in pieces."""
    for span in speech:
        start = span.start
        while start < span.end:
            end = min(start + SEGMENT_SECONDS, span.end)
            yield Span(start, end)
            start = end
