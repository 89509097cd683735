"""Finds with Whisper which language is spoken where in joined sound, among those that may be spoken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from diarist.adapters.transcription_engines.ctranslate2_whisper import CTranslate2Whisper
from diarist.adapters.transcription_engines.languages import Belief, Run, main_run, restricted, runs
from diarist.adapters.transcription_engines.voiced import Voiced
from diarist.adapters.transcription_engines.whisper_codes import known_as
from diarist.adapters.transcription_engines.whisper_share import Share
from diarist.adapters.transcription_engines.whisper_windows import Windows
from diarist.adapters.transcription_engines.windows import windows as cut
from diarist.domain.audio import SAMPLE_RATE, Span
from diarist.errors import ModelUnavailable
from diarist.ports.transcription_engine import Guidance

_PIECE, _SHORTEST_PIECE = 8.0, 4.0
"""Seconds of a piece of a window, where the language seems to change."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """Windows, none of which holds two languages as far as could be told; languages are called as the model calls them."""

    windows: Windows
    runs: tuple[Run, ...]
    """At least one; they adjoin each other."""
    language: str
    """Of most of the time."""
    probability: float

    def at(self, seconds: float) -> str:
        """The language at a moment of the joined sound."""
        return next((run.language for run in self.runs if seconds < run.span.end), self.runs[-1].language)

    @property
    def languages(self) -> list[str]:
        """Of each window."""
        return [self.at((window.start + window.end) / 2) for window in self.windows.cuts]


def find_languages(whisper: CTranslate2Whisper, model: str, share: Share, voiced: Voiced, guidance: Guidance) -> Spoken:
    """Cut joined sound, not empty, into windows and tell their languages; nothing is told where only one is possible.

    Raises `ModelUnavailable` when the model knows none of those that may be spoken, and `EngineFailed`.
    """
    samples = voiced.samples
    windows = Windows(whisper, share, samples, cut(samples))
    allowed = _allowed(whisper, model, guidance)
    if len(allowed) == 1:
        whole = Run(Span(0.0, len(samples) / SAMPLE_RATE), allowed[0], 1.0)
        return Spoken(windows, (whole,), allowed[0], 1.0)

    def listen(spans: Sequence[Span]) -> list[Belief]:
        heard = windows if tuple(spans) == windows.cuts else Windows(whisper, share, samples, spans)
        return [restricted(belief, allowed) for belief in heard.beliefs()]

    def recut(span: Span, *lengths: float) -> list[Span]:
        part = samples[round(span.start * SAMPLE_RATE) : round(span.end * SAMPLE_RATE)]
        return [Span(span.start + one.start, span.start + one.end) for one in cut(part, *lengths)]

    def pieces(window: Span) -> list[Span]:
        # Most changes are at a pause that was left out between two parts.
        return [piece for part in voiced.divided(window) for piece in recut(part, _PIECE, _SHORTEST_PIECE)]

    found = runs(windows.cuts, listen, pieces)
    if len(found) > 1:
        windows = Windows(whisper, share, samples, [window for run in found for window in recut(run.span)])
    return Spoken(windows, tuple(found), *main_run(found))


def _allowed(whisper: CTranslate2Whisper, model: str, guidance: Guidance) -> tuple[str, ...]:
    """The languages that come into question, as the model calls them; empty for all that it knows."""
    known = whisper.supported_languages
    wanted = guidance.possible_languages
    allowed = tuple(dict.fromkeys(code for language in wanted if (code := known_as(language, known))))
    if wanted and not allowed:
        advice = "Choose a model of many languages such as `base`, or unset DIARIST_ENGINE__LANGUAGE."
        languages = " or ".join(repr(language) for language in wanted)
        raise ModelUnavailable(f"The model {model} does not know the language {languages}.", advice=advice)
    return allowed or (tuple(known) if len(known) == 1 else ())
