"""Parakeet, Canary, GigaAM, Whisper and others in ONNX, by the library onnx-asr: window by window, words where it times them."""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import TYPE_CHECKING

from diarist.adapters.transcription_engines.onnx_loading import cards, failures, needs_language, open_model
from diarist.adapters.transcription_engines.phrases import phrases
from diarist.adapters.transcription_engines.plain_hearing import require_plain
from diarist.adapters.transcription_engines.token_words import Token, belief, words
from diarist.adapters.transcription_engines.voiced import Voiced
from diarist.adapters.transcription_engines.windows import windows
from diarist.domain.audio import SAMPLE_RATE, Span
from diarist.domain.transcript import Segment, Word
from diarist.errors import EngineFailed, ModelUnavailable
from diarist.ports.transcription_engine import UNGUIDED, EngineOptions, Guidance, Hearing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from onnx_asr.adapters import TimestampedResultsAsrAdapter
    from onnx_asr.asr import TimestampedResult

_SHORTEST = SAMPLE_RATE // 10
"""Samples; less than this is no word, and some models cannot take it."""


def open_engine(options: EngineOptions) -> OnnxModel:
    """Load the model that the options name."""
    return OnnxModel(*open_model(options), cards=cards(options))


class OnnxModel:
    """A `TranscriptionEngine`."""

    name = "onnx-asr"

    def __init__(self, loaded: TimestampedResultsAsrAdapter, model: str, language: str | None, cards: int = 0) -> None:
        """`language`: the only one that the model knows, if that is so. `cards`: see the port."""
        self.cards = cards
        self.model = model
        self._loaded: TimestampedResultsAsrAdapter | None = loaded
        self._language = language
        self._gives_times = True
        """Until an answer comes without."""

    def transcribe(self, samples: NDArray[np.float32], speech: Sequence[Span], guidance: Guidance = UNGUIDED) -> Hearing:
        """See the port. These models do not tell the language; those that give no times hear each voiced part by itself.

        Raises `ModelUnavailable` for a language that the model does not know, and where it needs to be told one and is not.
        """
        if self._loaded is None:
            raise EngineFailed("The engine is closed.")
        require_plain(guidance, self.model)
        if self._language and guidance.language not in {None, self._language}:
            advice = "Choose a model of many languages such as parakeet, or one for this language."
            raise ModelUnavailable(f"The model {self.model} does not know the language {guidance.language!r}.", advice=advice)
        known = self._language or guidance.only_language
        voiced = Voiced.of(samples, speech)
        if not len(voiced.samples):
            return Hearing(None, None, iter(()))
        if known is None and needs_language(self._loaded):
            advice = "Name it with --language or DIARIST_ENGINE__LANGUAGE, or choose a model such as parakeet."
            raise ModelUnavailable(f"The model {self.model} takes all for English unless it is told the language.", advice=advice)
        return Hearing(known, 1.0 if known else None, self._segments(voiced, known))

    def close(self) -> None:
        """Free the model."""
        self._loaded = None

    def _segments(self, voiced: Voiced, language: str | None) -> Iterator[Segment]:
        for window in windows(voiced.samples):
            if self._gives_times:
                heard = self._hear(voiced, window, language)
                self._gives_times = heard.timestamps is not None or not heard.text.strip()
            if self._gives_times:
                yield from voiced.placed(_timed(heard, window))
            else:
                yield from self._untimed(voiced, window, language)

    def _untimed(self, voiced: Voiced, window: Span, language: str | None) -> Iterator[Segment]:
        """A segment as long as each part of the window, so that its place at least is known."""
        for part in voiced.divided(window):
            heard = self._hear(voiced, part, language)
            if text := heard.text.strip():
                yield from voiced.placed([_segment(text, part, belief(heard.logprobs or []))])

    def _hear(self, voiced: Voiced, window: Span, language: str | None) -> TimestampedResult:
        from onnx_asr.asr import TimestampedResult

        if self._loaded is None:
            raise EngineFailed("The engine is closed.")
        sound = voiced.samples[round(window.start * SAMPLE_RATE) : round(window.end * SAMPLE_RATE)]
        if len(sound) < _SHORTEST:
            return TimestampedResult("", [], [], [])
        try:
            return self._loaded.recognize(sound, language=language)
        except KeyError as error:  # of its vocabulary, which holds the languages
            raise ModelUnavailable(f"The model {self.model} does not know the language {language!r}.") from error
        except failures(RuntimeError, ValueError, AssertionError, MemoryError) as error:
            raise EngineFailed(f"The engine failed with {type(error).__name__}.") from error


def _timed(heard: TimestampedResult, window: Span) -> Iterator[Segment]:
    tokens = [
        Token(text, window.start + time, logprob)
        for text, time, logprob in zip(heard.tokens or [], heard.timestamps or [], heard.logprobs or repeat(None), strict=False)
    ]
    for phrase in phrases(list(words(tokens, window.end))):
        text = "".join(word.text for word in phrase).strip()
        probability = belief([math.log(word.probability) for word in phrase if word.probability > 0])
        yield _segment(text, Span(phrase[0].start, phrase[-1].end), probability, tuple(phrase))


def _segment(text: str, span: Span, probability: float, said: tuple[Word, ...] = ()) -> Segment:
    data = text.encode()
    return Segment(
        start=span.start,
        end=span.end,
        text=text,
        probability=probability,
        words=said,
        compression_ratio=len(data) / len(zlib.compress(data)),
    )
