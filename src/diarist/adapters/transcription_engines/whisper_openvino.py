"""Whisper with its encoder in OpenVINO and its decoder in CTranslate2: faster, and nearer to full precision, with bf16."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ctranslate2
import numpy as np
from faster_whisper import WhisperModel

from diarist.adapters.transcription_engines.openvino_encoder import Encoder
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
    return Whisper(WHISPER_OPENVINO, model.name, whisper, placement.share, options.beam_size)


class OpenVINOWhisper(WhisperModel):  # type: ignore[misc]  # faster-whisper is not typed
    """faster-whisper's model, with another encoder."""

    encoder: Encoder

    def encode(self, features: NDArray[np.float32]) -> Any:
        """Mel features of shape (bands, 3000), or of several windows, to what CTranslate2's decoder takes."""
        windows = features[np.newaxis] if features.ndim == _WINDOW else features
        return ctranslate2.StorageView.from_array(self.encoder(np.ascontiguousarray(windows, np.float32)))


def load(model: ResolvedModel, placement: Placement, cache_dir: Path) -> OpenVINOWhisper:
    """The model with both encoders: CTranslate2's is `WhisperModel.encode`. Raises `ModelUnavailable`, `Misconfigured`."""
    whisper = load_whisper(OpenVINOWhisper, model, placement)
    share = placement.share
    whisper.encoder = Encoder(Path(model.path), workers=share.workers, threads=share.threads, cache_dir=cache_dir / "openvino")
    return whisper
