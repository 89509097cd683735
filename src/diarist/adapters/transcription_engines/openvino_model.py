"""CTranslate2's Whisper with its readings of whole windows, and the times of their words, in OpenVINO."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ctranslate2
import numpy as np

from diarist.adapters.transcription_engines.openvino_decoder import MOST_TEXTS, Decoder, Prompt, Reading
from diarist.errors import ModelUnavailable

if TYPE_CHECKING:
    from numpy.typing import NDArray

_KNOWN = {"max_length", "suppress_tokens", "return_scores", "return_no_speech_prob"}
"""What a reading may be told; with anything else, CTranslate2 reads."""
_LONGEST = 448
"""Tokens of prompt and text together: as many as have a place in a Whisper model."""
_FRAMES_PER_STATE = 2


class Encoded:
    """What the encoder gave for some windows and, once they were read, what was read in each."""

    device = "cpu"
    dtype = ctranslate2.DataType.float32

    def __init__(self, states: NDArray[np.float32]) -> None:
        """`states`: shape (windows, 1500, width)."""
        self.states = states
        self.readings: list[Reading] = []

    def __array__(self, *_: Any, **__: Any) -> NDArray[np.float32]:
        return self.states

    @property
    def storage(self) -> Any:
        """As CTranslate2 takes it."""
        return ctranslate2.StorageView.from_array(np.ascontiguousarray(self.states))


@dataclass(frozen=True, slots=True)
class Read:
    """As `ctranslate2.models.WhisperGenerationResult`."""

    sequences_ids: list[list[int]]
    scores: list[float]
    no_speech_prob: float


@dataclass(frozen=True, slots=True)
class Aligned:
    """As `ctranslate2.models.WhisperAlignmentResult`, but with the first state of each token only."""

    alignments: list[tuple[int, int]]
    text_token_probs: list[float]


class OpenVINOModel:
    """Has the interface of `ctranslate2.models.Whisper`, which faster-whisper asks; windows come as `Encoded`."""

    def __init__(self, other: Any, decoder: Decoder, model: Path, tokens: Any) -> None:
        """`other`: of `ctranslate2`. `model`: its directory, with a `config.json`. `tokens`: its `tokenizers.Tokenizer`.

        Raises `ModelUnavailable`.
        """
        self.other = other
        self._decoder = decoder
        try:
            self._suppressed_first = json.loads((model / "config.json").read_text())["suppress_ids_begin"]
        except (OSError, ValueError, KeyError) as error:
            raise ModelUnavailable(
                f"The configuration of the model {model.name} does not tell what no text begins with: {error}"
            ) from error
        self._start, self._end, self._timeless = map(
            tokens.token_to_id, ("<|startoftranscript|>", "<|endoftext|>", "<|notimestamps|>")
        )
        self._no_speech = tokens.token_to_id("<|nospeech|>") or tokens.token_to_id("<|nocaptions|>")

    def __getattr__(self, name: str) -> Any:
        return getattr(self.other, name)

    def generate(
        self, features: Encoded, prompts: list[list[int]], *, beam_size: int = 5, sampling_topk: int = 1, **options: Any
    ) -> Any:
        """The text of each window; in OpenVINO where the likeliest is asked for, without times between its words."""
        temperature = options.pop("sampling_temperature", 1.0)
        first, *others = prompts
        plain = options.keys() <= _KNOWN and first[-1] == self._timeless and all(one == first for one in others)
        if not (plain and sampling_topk == 1 and beam_size <= MOST_TEXTS):
            return self.other.generate(
                features.storage, prompts, beam_size=beam_size, sampling_topk=sampling_topk, sampling_temperature=temperature,
                **options,
            )  # fmt: skip
        longest = options.get("max_length", _LONGEST)
        prompt = Prompt(
            tokens=first,
            start=first.index(self._start),
            no_speech=self._no_speech,
            end=self._end,
            suppressed=options["suppress_tokens"],
            suppressed_first=self._suppressed_first,
            room=min(longest // 2, longest - len(first)),
            beam=beam_size,
        )
        features.readings = self._decoder.read(features.states, prompt)
        return [
            Read([one.tokens], [sum(one.logprobs) / max(1, len(one.tokens))], one.no_speech_prob) for one in features.readings
        ]

    def align(
        self,
        features: Encoded,
        start_sequence: Sequence[int],
        text_tokens: list[list[int]],
        num_frames: Sequence[int],
        **options: Any,
    ) -> Any:
        """When each token sounds: of what was read here by how it was read."""
        if [one.tokens for one in features.readings] != text_tokens:
            return self.other.align(features.storage, start_sequence, text_tokens, num_frames, **options)
        return [
            Aligned(
                list(enumerate(self._decoder.times(reading, frames // _FRAMES_PER_STATE))),
                [math.exp(logprob) for logprob in reading.logprobs[: len(reading.tokens)]],
            )
            for reading, frames in zip(features.readings, num_frames, strict=True)
        ]

    def detect_language(self, features: Encoded) -> Any:
        """What the model believes to be spoken in each window."""
        return self.other.detect_language(features.storage)
