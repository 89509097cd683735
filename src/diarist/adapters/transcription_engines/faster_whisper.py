"""Whisper through faster-whisper (CTranslate2): the voiced parts of a chunk, joined, read by window, timed by word."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ctranslate2
from faster_whisper import BatchedInferencePipeline, WhisperModel

from diarist.adapters.transcription_engines.holes import with_holes_heard
from diarist.adapters.transcription_engines.phrases import phrases
from diarist.adapters.transcription_engines.voiced import Voiced
from diarist.adapters.transcription_engines.windows import windows
from diarist.domain.audio import SAMPLE_RATE, Span
from diarist.domain.transcript import Segment, Word
from diarist.engine.models import ResolvedModel, resolve
from diarist.errors import EngineFailed, ModelUnavailable
from diarist.ports.transcription_engine import UNGUIDED, EngineOptions, Guidance, Hearing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BATCH = 8
"""Windows that are read at once; more gain little on a CPU."""
_TEMPERATURES = (0.0, 0.4, 0.8)
"""What is tried when a window comes out repetitive or improbable."""
_SAMPLES_PER_TRY = 2
"""Texts that are drawn at each temperature above 0, of which the most probable is kept."""
_REPETITIVE = 2.4
"""Compression ratio above which a window is taken for a loop, from the paper on Whisper (Radford et al. 2022, 4.5)."""
_IMPROBABLE = -1.0
"""Mean log probability of the tokens under which a window is taken for failed, from the same table."""
_SILENT = 0.5
"""Probability of no speech from which on the model itself thinks silence likelier than speech."""
_SEED = 1
"""Fixes the draws, so that the same chunk gives the same text."""


def open_engine(options: EngineOptions) -> FasterWhisper:
    """Load the model that the options name."""
    model = resolve(options.model, Path(options.cache_dir))
    try:
        whisper = WhisperModel(
            model.path,
            device=options.device,
            compute_type=options.compute_type,
            cpu_threads=options.threads or _processors(),
            local_files_only=True,
        )
    except (RuntimeError, ValueError, OSError) as error:
        advice = "Check DIARIST_ENGINE__DEVICE and DIARIST_ENGINE__COMPUTE_TYPE, then the model's files: `diarist doctor`."
        raise ModelUnavailable(f"The model {model.name} cannot be loaded: {error}", advice=advice) from error
    return FasterWhisper(whisper, model, options.beam_size)


class FasterWhisper:
    """A `TranscriptionEngine`."""

    name = "faster-whisper"

    def __init__(self, whisper: WhisperModel, model: ResolvedModel, beam_size: int) -> None:
        self.model = model.name
        self._whisper: WhisperModel | None = whisper
        self._beam_size = beam_size

    def transcribe(self, samples: NDArray[np.float32], speech: Sequence[Span], guidance: Guidance = UNGUIDED) -> Hearing:
        """See the port; a language that the model does not know raises `ModelUnavailable`."""
        if self._whisper is None:
            raise EngineFailed("The engine is closed.")
        language = guidance.language
        if language and language not in self._whisper.supported_languages:
            advice = "Choose a model of many languages such as `base`, or unset DIARIST_ENGINE__LANGUAGE."
            raise ModelUnavailable(f"The model {self.model} does not know the language {language!r}.", advice=advice)
        voiced = Voiced.of(samples, speech)
        if not len(voiced.samples):
            return Hearing(None, None, iter(()))
        ctranslate2.set_random_seed(_SEED)
        cuts = windows(voiced.samples)
        found, info = self._read(self._whisper, voiced.samples, cuts, language)

        def hear(start: float, end: float) -> Iterator[Segment]:
            if self._whisper is not None:
                part = voiced.samples[round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE)]
                yield from (_moved(one, start) for one in self._decode(self._whisper, part, info.language))

        def hear_again(start: float, end: float) -> Iterator[Segment]:
            # Nothing was heard here at first: what is found now has to be believed.
            return (segment for segment in hear(start, end) if segment.probability >= math.exp(_IMPROBABLE))

        segments = with_holes_heard(_trusted(found, cuts, hear), len(voiced.samples) / SAMPLE_RATE, hear_again)
        return Hearing(info.language, float(info.language_probability), voiced.placed(segments))

    def _read(
        self, whisper: WhisperModel, samples: NDArray[np.float32], cuts: Sequence[Span], language: str | None
    ) -> tuple[Iterator[Any], Any]:
        """The text of each window, many at a time and without time stamps, which cost time and words; and the language."""
        with _translated():
            found, info = BatchedInferencePipeline(whisper).transcribe(
                samples,
                language=language,
                beam_size=self._beam_size,
                vad_filter=False,
                word_timestamps=True,
                batch_size=_BATCH,
                clip_timestamps=[{"start": window.start, "end": window.end} for window in cuts],
            )
        return _guarded(found), info

    def _decode(self, whisper: WhisperModel, samples: NDArray[np.float32], language: str | None) -> Iterator[Segment]:
        """Segments in the time of the samples: one window after the other, with further attempts where one fails."""
        with _translated():
            found, _ = whisper.transcribe(
                samples,
                language=language,
                beam_size=self._beam_size,
                word_timestamps=True,
                # A text before it makes a window's own slower, and carries a loop from one window to the next.
                condition_on_previous_text=False,
                temperature=_TEMPERATURES,
                best_of=_SAMPLES_PER_TRY,
                compression_ratio_threshold=_REPETITIVE,
                log_prob_threshold=_IMPROBABLE,
                no_speech_threshold=_SILENT,
            )
        return (_segment(one, _words(one)) for one in _guarded(found) if not _invented(one))

    def close(self) -> None:
        """Free the model."""
        self._whisper = None


def _trusted(found: Iterator[Any], cuts: Sequence[Span], hear: Callable[[float, float], Iterator[Segment]]) -> Iterator[Segment]:
    """The windows' texts by phrase; a window whose text looks like a loop, a guess or silence is heard by itself instead."""
    for window, text in zip(cuts, found, strict=True):
        if _doubtful(text):
            yield from hear(window.start, window.end)
        else:
            yield from (_segment(text, phrase) for phrase in phrases(_words(text)))


def _guarded(found: Iterator[Any]) -> Iterator[Any]:
    with _translated():
        yield from found


def _words(found: Any) -> list[Word]:
    """Each with the space that parts it from the word before; in the time of the joined sound, see `Voiced.placed`."""
    return [
        Word(start=float(word.start), end=float(word.end), text=word.word, probability=min(1.0, float(word.probability)))
        for word in found.words or ()
    ]


def _segment(found: Any, words: Sequence[Word]) -> Segment:
    return Segment(
        start=words[0].start if words else float(found.start),
        end=words[-1].end if words else float(found.end),
        text="".join(word.text for word in words).strip() or found.text.strip(),
        probability=min(1.0, math.exp(found.avg_logprob)),
        words=tuple(words),
        no_speech_probability=float(found.no_speech_prob),
        compression_ratio=float(found.compression_ratio),
        temperature=float(found.temperature),
    )


def _moved(segment: Segment, by: float) -> Segment:
    words = tuple(replace(word, start=word.start + by, end=word.end + by) for word in segment.words)
    return replace(segment, start=segment.start + by, end=segment.end + by, words=words)


def _doubtful(found: Any) -> bool:
    return bool(found.compression_ratio > _REPETITIVE or found.avg_logprob < _IMPROBABLE or found.no_speech_prob > _SILENT)


def _invented(found: Any) -> bool:
    """Whether this is text over noise: silence is likelier than not, and the text is not, or it is not what was read first.

    A first reading that is improbable ends a silent window in faster-whisper, without further attempts; one that repeats itself
    looks probable, and the attempts after it, drawn at random, look like words.
    """
    return bool(found.no_speech_prob > _SILENT and (math.exp(found.avg_logprob) < _SILENT or found.temperature > 0))


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (RuntimeError, ValueError, MemoryError) as error:
        raise EngineFailed(f"The engine failed with {type(error).__name__}: {error}") from error


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
