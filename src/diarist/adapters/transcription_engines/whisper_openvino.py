"""Whisper in OpenVINO, but for readings of many texts at once: faster, and nearer to full precision, with bf16."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from diarist.adapters.transcription_engines.ctranslate2_whisper import CTranslate2Whisper
from diarist.adapters.transcription_engines.openvino_compiling import Compiler
from diarist.adapters.transcription_engines.openvino_decoder import MOST_TEXTS, Decoder
from diarist.adapters.transcription_engines.openvino_encoder import Encoder
from diarist.adapters.transcription_engines.openvino_model import Encoded, OpenVINOModel
from diarist.adapters.transcription_engines.placement import Placement, place
from diarist.adapters.transcription_engines.whisper_loading import load_whisper
from diarist.adapters.transcription_engines.whisper_reading import Whisper
from diarist.engine.choice import WHISPER_OPENVINO
from diarist.engine.models import ResolvedModel, resolve
from diarist.ports.transcription_engine import EngineOptions

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WINDOW = 2
"""Dimensions of one window's features."""


def open_engine(options: EngineOptions) -> Whisper:
    """Load the model that the options name; it runs on the CPU whatever the device."""
    model = resolve(options.model, Path(options.cache_dir))
    placement = place(replace(options, device="cpu"))
    whisper = load(model, placement, Path(options.cache_dir))
    return Whisper(WHISPER_OPENVINO, model.name, whisper, placement.share, options.beam_size or MOST_TEXTS)


class OpenVINOWhisper(CTranslate2Whisper):
    """faster-whisper's model, with another encoder, and for greedy readings another decoder."""

    encodes_singly = True
    encoder: Encoder

    def encode(self, features: NDArray[np.float32]) -> Encoded:
        """Mel features of shape (bands, 3000), or of several windows."""
        windows = features[np.newaxis] if features.ndim == _WINDOW else features
        return self.encoded(self.encoder(np.ascontiguousarray(windows, np.float32)))

    def encoded(self, states: NDArray[np.float32]) -> Encoded:
        """See the other engine."""
        return Encoded(states)


def load(model: ResolvedModel, placement: Placement, cache_dir: Path) -> OpenVINOWhisper:
    """The model with both encoders: CTranslate2's is `WhisperModel.encode`. Raises `ModelUnavailable`, `Misconfigured`."""
    whisper = load_whisper(OpenVINOWhisper, model, placement)
    share, directory = placement.share, Path(model.path)
    compiler = Compiler(directory, workers=share.workers, threads=share.threads, cache_dir=cache_dir / "openvino")
    whisper.encoder = Encoder(compiler)
    whisper.model = OpenVINOModel(whisper.model, Decoder(compiler, directory), directory, whisper.hf_tokenizer)
    return whisper
