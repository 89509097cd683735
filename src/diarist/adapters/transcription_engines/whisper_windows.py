"""Reads windows of sound with Whisper: several threads, each with batches of its own, whole windows without time stamps."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.audio import pad_or_trim
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import get_compression_ratio, get_suppressed_tokens

from diarist.adapters.transcription_engines.out_of_memory import Halving
from diarist.adapters.transcription_engines.whisper_loading import translated
from diarist.adapters.transcription_engines.whisper_share import Share
from diarist.domain.audio import SAMPLE_RATE, Span
from diarist.domain.transcript import Word

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FRAMES_PER_SECOND = 100
_MOST_TOKENS = 32, 9.0
"""Tokens that a window may take, and besides for each second of it; a text that would be longer is a loop."""
_BEFORE = "\"'“¿([{-"
_AFTER = "\"'.。,\uff0c!\uff01?\uff1f:\uff1a”)]}、"
"""Punctuation that belongs to the word after it, and before it."""


@dataclass(frozen=True, slots=True)
class WindowText:
    """What was read in one window; in seconds of the sound that holds the windows."""

    start: float
    end: float
    text: str
    words: tuple[Word, ...]
    """Each with the space that parts it from the word before."""
    avg_logprob: float
    no_speech_prob: float
    compression_ratio: float
    cut_off: bool
    """Whether the text went on where reading was stopped."""
    temperature: float = 0.0


class Windows:
    """The windows of one stretch of sound."""

    def __init__(self, whisper: WhisperModel, share: Share, samples: NDArray[np.float32], cuts: Sequence[Span]) -> None:
        """`samples`: shape (n,), 16 kHz mono; `cuts`: at most 30 s each."""
        self.cuts = tuple(cuts)
        self._whisper = whisper
        self._share = share
        self._samples = samples
        self._features: dict[int, NDArray[np.float32]] = {}

    def language_probabilities(self, number: int) -> dict[str, float]:
        """What a model of many languages makes of one window, likeliest first. Raises `EngineFailed`."""
        with translated():
            self._features[number] = self._mel(number)
            [found] = self._whisper.model.detect_language(self._whisper.encode(self._features[number]))
        return {token[2:-2]: float(probability) for token, probability in found}

    def read(self, languages: Sequence[str], *, beam_size: int, hotwords: str | None = None) -> Iterator[WindowText]:
        """The text of each window in order; `languages`: one a window, as the model knows them. Raises `EngineFailed`."""
        reader: Halving[int, WindowText] = Halving(
            lambda batch: self._read_batch(batch, languages[batch[0]], beam_size, hotwords)
        )
        batches = [
            batch
            for _, alike in groupby(range(len(self.cuts)), key=languages.__getitem__)
            for batch in self._share.batches(list(alike))
        ]
        with ThreadPoolExecutor(self._share.workers, thread_name_prefix="whisper") as pool, translated():
            coming = [pool.submit(reader, batch) for batch in batches]
            try:
                for texts in coming:
                    yield from texts.result()
            finally:
                for rest in coming:
                    rest.cancel()

    def _read_batch(self, batch: Sequence[int], language: str, beam_size: int, hotwords: str | None) -> list[WindowText]:
        whisper = self._whisper
        tokenizer = Tokenizer(whisper.hf_tokenizer, whisper.model.is_multilingual, task="transcribe", language=language)
        prompt = whisper.get_prompt(tokenizer, previous_tokens=[], without_timestamps=True, hotwords=hotwords)
        durations = [self.cuts[number].duration for number in batch]
        room = min(whisper.max_length - len(prompt), round(_MOST_TOKENS[0] + _MOST_TOKENS[1] * max(durations)))
        encoded = whisper.encode(np.stack([self._mel(number) for number in batch]))
        results = whisper.model.generate(
            encoded,
            [prompt] * len(batch),
            beam_size=beam_size,
            max_length=len(prompt) + room,
            suppress_tokens=get_suppressed_tokens(tokenizer, [-1]),
            return_scores=True,
            return_no_speech_prob=True,
        )
        aligned = [
            [{"seek": self._frame(number), "start": cut.start, "end": cut.end, "tokens": result.sequences_ids[0]}]
            for number, cut, result in zip(batch, (self.cuts[number] for number in batch), results, strict=True)
        ]
        frames = [math.ceil(duration) * _FRAMES_PER_SECOND for duration in durations]
        whisper.add_word_timestamps(aligned, tokenizer, encoded, frames, _BEFORE, _AFTER, self.cuts[batch[0]].start)
        return [
            _window_text(found, result, tokenizer.decode(found["tokens"]), room)
            for [found], result in zip(aligned, results, strict=True)
        ]

    def _mel(self, number: int) -> NDArray[np.float32]:
        if number in self._features:
            return self._features[number]
        cut = self.cuts[number]
        sound = self._samples[round(cut.start * SAMPLE_RATE) : round(cut.end * SAMPLE_RATE)]
        features: NDArray[np.float32] = pad_or_trim(self._whisper.feature_extractor(sound)[..., :-1])
        return features

    def _frame(self, number: int) -> int:
        return round(self.cuts[number].start * _FRAMES_PER_SECOND)


def _window_text(found: dict[str, Any], result: Any, text: str, room: int) -> WindowText:
    tokens = len(result.sequences_ids[0])
    return WindowText(
        start=found["start"],
        end=found["end"],
        text=text,
        words=tuple(map(_word, found["words"])),
        # CTranslate2 gives the mean without the token that ends the text.
        avg_logprob=result.scores[0] * tokens / (tokens + 1),
        no_speech_prob=result.no_speech_prob,
        compression_ratio=get_compression_ratio(text),
        cut_off=tokens >= room,
    )


def _word(found: dict[str, Any]) -> Word:
    probability = min(1.0, float(found["probability"]))
    return Word(start=float(found["start"]), end=float(found["end"]), text=found["word"], probability=probability)
