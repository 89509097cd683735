"""How Whisper is used by every engine that runs it: the voiced parts of a chunk, joined, read by window, timed by word."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

import ctranslate2

from diarist.adapters.transcription_engines.ctranslate2_whisper import CTranslate2Whisper
from diarist.adapters.transcription_engines.holes import with_holes_heard
from diarist.adapters.transcription_engines.trusted_windows import trusted
from diarist.adapters.transcription_engines.vocabulary import hotwords
from diarist.adapters.transcription_engines.voiced import Voiced
from diarist.adapters.transcription_engines.whisper_codes import told
from diarist.adapters.transcription_engines.whisper_languages import Spoken, find_languages
from diarist.adapters.transcription_engines.whisper_loading import translated
from diarist.adapters.transcription_engines.whisper_segments import (
    IMPROBABLE,
    REPETITIVE,
    SILENT,
    believed,
    invented,
    moved,
    segment_of,
    words_of,
)
from diarist.adapters.transcription_engines.whisper_share import Share
from diarist.adapters.transcription_engines.whisper_windows import Way
from diarist.adapters.transcription_engines.word_times import lateness_of, timed
from diarist.domain.audio import SAMPLE_RATE, Span
from diarist.domain.manner import SpeechTask
from diarist.domain.transcript import Segment
from diarist.errors import EngineCannot, EngineFailed
from diarist.ports.transcription_engine import UNGUIDED, Guidance, Hearing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_CAREFUL_BEAM = 5
"""Texts that are followed at once where a first reading is doubted; the least."""
_TEMPERATURES = (0.0, 0.4, 0.8)
"""What is tried when a window comes out repetitive or improbable."""
_SAMPLES_PER_TRY = 2
"""Texts that are drawn at each temperature above 0, of which the most probable is kept."""
_NO_TRANSLATORS = ("turbo", "distil")
"""Parts of the names of models of many languages that were trained without translations (openai/whisper, README: models)."""
_SEED = 1
"""Fixes the draws, so that the same chunk gives the same text."""


class Whisper:
    """A `TranscriptionEngine` on a loaded model."""

    def __init__(self, name: str, model: str, whisper: CTranslate2Whisper, share: Share, beam_size: int) -> None:
        self.name = name
        self.model = model
        self._whisper: CTranslate2Whisper | None = whisper
        self._share = share
        self._beam_size = beam_size
        self.cards = len(whisper.model.device_index) if whisper.model.device == "cuda" else 0

    def transcribe(self, samples: NDArray[np.float32], speech: Sequence[Span], guidance: Guidance = UNGUIDED) -> Hearing:
        """See the port; a language that the model does not know raises `ModelUnavailable`."""
        whisper = self._open()
        if guidance.task is SpeechTask.TRANSLATE:
            self._require_translator(whisper)
        voiced = Voiced.of(samples, speech)
        if not len(voiced.samples):
            return Hearing(None, None, iter(()))
        ctranslate2.set_random_seed(_SEED)
        spoken = find_languages(whisper, self.model, self._share, voiced, guidance)

        def hear(start: float, end: float) -> Iterator[Segment]:
            part = voiced.samples[round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE)]
            return (moved(segment, start) for segment in self._decode(part, spoken.at((start + end) / 2), guidance))

        def hear_again(start: float, end: float) -> Iterator[Segment]:
            # Nothing was heard here at first: what is found now has to be believed.
            return (segment for segment in hear(start, end) if believed(segment))

        duration = len(voiced.samples) / SAMPLE_RATE
        replaced: list[Segment] = []
        first: Iterator[Segment]
        if guidance.careful:
            first = chain.from_iterable(hear(run.span.start, run.span.end) for run in spoken.runs)
        else:
            hints = hotwords(
                guidance.vocabulary, lambda text: len(whisper.hf_tokenizer.encode(text, add_special_tokens=False).ids)
            )
            way = Way(beam_size=self._beam_size, hotwords=hints, task=guidance.task, temperature=guidance.temperature)
            texts = spoken.windows.read(spoken.languages, way)
            first = trusted(texts, spoken.windows.cuts, hear, guidance.vocabulary, replaced)
        segments = with_holes_heard(first, duration, hear_again)
        segments = timed(segments, voiced.samples, lateness_of(self.model))

        def iso(code: str) -> str:
            return told(code, guidance.possible_languages, whisper.supported_languages)

        placed = voiced.placed(_with_language(segments, spoken, iso))
        return Hearing(iso(spoken.language), spoken.probability, placed, voiced.placed(replaced))

    def _require_translator(self, whisper: CTranslate2Whisper) -> None:
        """Raise `EngineCannot` for a model that was not trained to translate: it would write what was said, or anything."""
        if not whisper.model.is_multilingual or any(part in self.model for part in _NO_TRANSLATORS):
            advice = "Choose a Whisper model of many languages such as `base` or `large-v3`."
            raise EngineCannot(f"The model {self.model} does not translate.", advice=advice)

    def _decode(self, samples: NDArray[np.float32], language: str, guidance: Guidance) -> Iterator[Segment]:
        """Segments in the time of the samples: one window after the other, with further attempts where one fails."""
        with translated():
            found, _ = self._open().transcribe(
                samples,
                language=language,
                task=guidance.task.value,
                beam_size=max(self._beam_size, _CAREFUL_BEAM),
                word_timestamps=True,
                # A text before it makes a window's own slower, and carries a loop from one window to the next.
                condition_on_previous_text=False,
                temperature=(guidance.temperature,) if guidance.temperature else _TEMPERATURES,
                best_of=_SAMPLES_PER_TRY,
                compression_ratio_threshold=REPETITIVE,
                log_prob_threshold=IMPROBABLE,
                no_speech_threshold=SILENT,
            )
            yield from (segment_of(one, words_of(one)) for one in found if not invented(one))

    def close(self) -> None:
        """Free the model."""
        self._whisper = None

    def _open(self) -> CTranslate2Whisper:
        if self._whisper is None:
            raise EngineFailed("The engine is closed.")
        return self._whisper


def _with_language(segments: Iterable[Segment], spoken: Spoken, iso: Callable[[str], str]) -> Iterator[Segment]:
    """With its language each that is in another than most."""
    for segment in segments:
        language = spoken.at((segment.start + segment.end) / 2)
        yield segment if language == spoken.language else replace(segment, language=iso(language))
