"""Whisper through faster-whisper (CTranslate2): the voiced parts of a chunk, joined, decoded in order, timed by word."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from faster_whisper import WhisperModel

from diarist.adapters.transcription_engines.voiced import Voiced
from diarist.domain.audio import Span
from diarist.domain.transcript import Segment, Word
from diarist.engine.models import resolve
from diarist.errors import EngineFailed, ModelUnavailable
from diarist.ports.transcription_engine import EngineOptions, Hearing

if TYPE_CHECKING:
    from numpy.typing import NDArray

NOISE_NO_SPEECH = 0.6
NOISE_LOG_PROBABILITY = -1.0
"""Text that the model itself takes for no speech, and believes less than this, was invented over noise and is not kept; thresholds
as in Whisper's own decoding (Radford et al. 2022, section 4.5)."""


def open_engine(options: EngineOptions) -> FasterWhisper:
    """Load the model; raises `ModelUnavailable`."""
    model = resolve(options.model, Path(options.cache_dir))
    device = options.device
    compute_type = options.compute_type if device != "cuda" else "default"
    try:
        loaded = WhisperModel(
            model.path, device=device, compute_type=compute_type, cpu_threads=options.threads or _cores(), local_files_only=True
        )
    except (RuntimeError, ValueError, OSError) as error:
        raise ModelUnavailable(f"The model {model.name} cannot be loaded: {error}") from error
    return FasterWhisper(loaded, model.name, options.beam_size)


class FasterWhisper:
    """A loaded Whisper."""

    name = "faster-whisper"

    def __init__(self, loaded: WhisperModel, model: str, beam_size: int) -> None:
        self.model = model
        self._loaded = loaded
        self._beam_size = beam_size

    def transcribe(self, samples: NDArray[np.float32], speech: Sequence[Span], *, language: str | None = None) -> Hearing:
        """See `TranscriptionEngine.transcribe`."""
        voiced = Voiced.of(samples, speech)
        if not len(voiced.samples):
            return Hearing(None, None, iter(()))
        try:
            found, about = self._loaded.transcribe(
                voiced.samples,
                language=language,
                beam_size=self._beam_size,
                word_timestamps=True,
                # Text of a window that went wrong would lead the next one astray.
                condition_on_previous_text=False,
            )
        except (RuntimeError, ValueError) as error:
            raise EngineFailed(f"faster-whisper failed: {error}") from error
        return Hearing(about.language, float(about.language_probability), self._segments(found, voiced))

    def close(self) -> None:
        """Free the model."""
        self._loaded.model.unload_model()

    def _segments(self, found: Iterator[Any], voiced: Voiced) -> Iterator[Segment]:
        try:
            for one in found:
                if one.text.strip() and not _invented(one):
                    yield _segment(one, voiced)
        except RuntimeError as error:
            raise EngineFailed(f"faster-whisper failed: {error}") from error


def _invented(one: Any) -> bool:
    return bool(one.no_speech_prob > NOISE_NO_SPEECH and one.avg_logprob < NOISE_LOG_PROBABILITY)


def _segment(one: Any, voiced: Voiced) -> Segment:
    words = []
    for word in one.words or ():
        span = voiced.original(Span(float(word.start), float(word.end)))
        words.append(Word(start=span.start, end=span.end, text=word.word.strip(), probability=float(word.probability)))
    span = Span(words[0].start, words[-1].end) if words else voiced.original(Span(float(one.start), float(one.end)))
    return Segment(
        start=span.start,
        end=max(span.start, span.end),
        text=one.text.strip(),
        probability=math.exp(min(0.0, one.avg_logprob)),
        words=tuple(words),
        no_speech_probability=float(one.no_speech_prob),
        compression_ratio=float(one.compression_ratio),
        temperature=float(one.temperature or 0.0),
    )


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
