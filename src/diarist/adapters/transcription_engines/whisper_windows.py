"""Reads windows of sound with Whisper: several threads, each with batches of its own, whole windows without time stamps."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeVar

import ctranslate2
import numpy as np
from faster_whisper.audio import pad_or_trim
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import get_compression_ratio, get_suppressed_tokens

from diarist.adapters.transcription_engines.ctranslate2_whisper import CTranslate2Whisper
from diarist.adapters.transcription_engines.out_of_memory import Halving
from diarist.adapters.transcription_engines.whisper_loading import translated
from diarist.adapters.transcription_engines.whisper_share import Share
from diarist.child.figures import note
from diarist.domain.audio import SAMPLE_RATE, Span
from diarist.domain.manner import SpeechTask
from diarist.domain.transcript import Word

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FRAMES_PER_SECOND = 100
_MOST_TOKENS = 32, 9.0
"""Tokens that a window may take, and besides for each second of it; a text that would be longer is a loop."""
_BEFORE = "\"'“¿([{-"
_AFTER = "\"'.。,\uff0c!\uff01?\uff1f:\uff1a”)]}、"
"""Punctuation that belongs to the word after it, and before it."""

_TELLING, _SURE = 3, 0.8
"""Every third state of a window tells its language in a third of the time; where the belief is less than this, all are asked."""
_ENOUGH = 2.0
"""Seconds of a window in which hints are used: over less, a model would rather repeat them than hear."""

Found = TypeVar("Found")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How windows are read."""

    beam_size: int
    """Texts that are followed at once."""
    hotwords: str | None = None
    """Words that are likely; not told where a window holds too little to speak for itself."""
    task: SpeechTask = SpeechTask.TRANSCRIBE
    temperature: float = 0.0
    """0 for the most probable text."""


class Windows:
    """The windows of one stretch of sound."""

    def __init__(self, whisper: CTranslate2Whisper, share: Share, samples: NDArray[np.float32], cuts: Sequence[Span]) -> None:
        """`samples`: shape (n,), 16 kHz mono; `cuts`: at most 30 s each."""
        self.cuts = tuple(cuts)
        self._whisper = whisper
        self._share = share
        self._samples = samples
        self._encoded: dict[int, NDArray[np.float32]] = {}
        """By number: what the encoder made of a window when its language was told, until it is read."""
        self._encoding: dict[int, Future[NDArray[np.float32]]] = {}
        """The same, while it is coming."""

    def beliefs(self) -> list[dict[str, float]]:
        """How probable a model of many languages thinks each language in each window. Raises `EngineFailed`."""
        tell: Halving[int, dict[str, float]] = Halving(self._tell_batch)
        return [belief for beliefs in self._shared(tell, self._share.batches(range(len(self.cuts)))) for belief in beliefs]

    def read(self, languages: Sequence[str], way: Way) -> Iterator[WindowText]:
        """The text of each window in order; `languages`: one a window, as the model knows them. Raises `EngineFailed`."""
        told = [
            (language, way.hotwords if cut.duration >= _ENOUGH else None)
            for language, cut in zip(languages, self.cuts, strict=True)
        ]
        reader: Halving[int, WindowText] = Halving(lambda batch: self._read_batch(batch, *told[batch[0]], way))
        batches = [
            batch
            for _, alike in groupby(range(len(self.cuts)), key=told.__getitem__)
            for batch in self._share.batches(list(alike))
        ]
        for batch in batches:
            note("batch", windows=len(batch), room=self._share.batch)
        # Where windows are encoded one by one, whoever has fewer to encode begins with the larger batch.
        ahead = (
            [number for number in range(len(self.cuts)) if number not in self._encoded] if self._whisper.encodes_singly else []
        )
        for texts in self._shared(reader, batches, ahead):
            yield from texts

    def _shared(
        self, work: Callable[[Sequence[int]], Found], batches: Sequence[Sequence[int]], ahead: Sequence[int] = ()
    ) -> Iterator[Found]:
        """What comes of each batch, in order; several are worked on at once, and before them these windows are encoded."""
        with ThreadPoolExecutor(self._share.workers, thread_name_prefix="whisper") as pool, translated():
            self._encoding.update({number: pool.submit(self._encode_one, number) for number in ahead})
            coming = [pool.submit(work, batch) for batch in batches]
            try:
                for one in coming:
                    yield one.result()
            finally:
                for rest in coming:
                    rest.cancel()
                for states in self._encoding.values():
                    states.cancel()
                self._encoding.clear()

    def _tell_batch(self, batch: Sequence[int]) -> list[dict[str, float]]:
        encoded = self._whisper.encode(np.stack([self._mel(number) for number in batch]))
        if encoded.device != "cpu" or encoded.dtype != ctranslate2.DataType.float32:
            # Elsewhere than on a CPU it takes less time to encode again than to bring it here and back.
            return self._languages(encoded)
        states = np.array(encoded)
        self._encoded.update(zip(batch, states, strict=True))
        beliefs = self._languages(self._whisper.encoded(states[:, ::_TELLING]))
        unsure = [place for place, belief in enumerate(beliefs) if max(belief.values()) < _SURE]
        if unsure:
            for place, belief in zip(unsure, self._languages(self._whisper.encoded(states[unsure])), strict=True):
                beliefs[place] = belief
        return beliefs

    def _languages(self, encoded: Any) -> list[dict[str, float]]:
        found = self._whisper.model.detect_language(encoded)
        return [{token[2:-2]: float(probability) for token, probability in belief} for belief in found]

    def _encode_one(self, number: int) -> NDArray[np.float32]:
        states: NDArray[np.float32] = np.array(self._whisper.encode(self._mel(number)[np.newaxis]))[0]
        return states

    def _encode(self, batch: Sequence[int]) -> Any:
        known = [self._encoded.pop(number) for number in batch if number in self._encoded]
        known += [self._encoding.pop(number).result() for number in batch if number in self._encoding]
        if len(known) == len(batch):
            return self._whisper.encoded(np.stack(known))
        return self._whisper.encode(np.stack([self._mel(number) for number in batch]))

    def _read_batch(self, batch: Sequence[int], language: str, hotwords: str | None, way: Way) -> list[WindowText]:
        whisper = self._whisper
        tokenizer = Tokenizer(whisper.hf_tokenizer, whisper.model.is_multilingual, task=way.task.value, language=language)
        prompt = whisper.get_prompt(tokenizer, previous_tokens=[], without_timestamps=True, hotwords=hotwords)
        durations = [self.cuts[number].duration for number in batch]
        room = min(
            whisper.max_length // 2,
            whisper.max_length - len(prompt),
            round(_MOST_TOKENS[0] + _MOST_TOKENS[1] * max(durations)),
        )
        encoded = self._encode(batch)
        results = whisper.model.generate(
            encoded,
            [prompt] * len(batch),
            # Drawn by chance there is one text to follow, and all words are in the draw.
            beam_size=1 if way.temperature else way.beam_size,
            sampling_topk=0 if way.temperature else 1,
            sampling_temperature=way.temperature or 1.0,
            # CTranslate2 ends a text at half of this, or where it is this long with its prompt.
            max_length=max(2 * room, len(prompt) + room),
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
            _window_text(found, result, tokenizer.decode(found["tokens"]), room, way.temperature)
            for [found], result in zip(aligned, results, strict=True)
        ]

    def _mel(self, number: int) -> NDArray[np.float32]:
        cut = self.cuts[number]
        sound = self._samples[round(cut.start * SAMPLE_RATE) : round(cut.end * SAMPLE_RATE)]
        features: NDArray[np.float32] = pad_or_trim(self._whisper.feature_extractor(sound)[..., :-1])
        return features

    def _frame(self, number: int) -> int:
        return round(self.cuts[number].start * _FRAMES_PER_SECOND)


def _window_text(found: dict[str, Any], result: Any, text: str, room: int, temperature: float) -> WindowText:
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
        temperature=temperature,
    )


def _word(found: dict[str, Any]) -> Word:
    probability = min(1.0, float(found["probability"]))
    return Word(start=float(found["start"]), end=float(found["end"]), text=found["word"], probability=probability)
