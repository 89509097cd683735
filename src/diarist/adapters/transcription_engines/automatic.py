"""The engine called `auto`: of those that run Whisper, the one that is fastest here, by a measurement of its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import structlog
from faster_whisper import WhisperModel

from diarist.adapters.transcription_engines import whisper_openvino
from diarist.adapters.transcription_engines.ctranslate2_whisper import CTranslate2Whisper
from diarist.adapters.transcription_engines.openvino_decoder import MOST_TEXTS
from diarist.adapters.transcription_engines.placement import place
from diarist.adapters.transcription_engines.whisper_loading import load_whisper, translated
from diarist.adapters.transcription_engines.whisper_openvino import OpenVINOWhisper
from diarist.adapters.transcription_engines.whisper_reading import Whisper
from diarist.engine.choice import FASTER_WHISPER, WHISPER_OPENVINO, Choice, Choices
from diarist.engine.models import resolve
from diarist.errors import DiaristError, Misconfigured, ModelUnavailable
from diarist.ports.transcription_engine import EngineOptions

log = structlog.get_logger(__name__)

_FRAMES = 3000
"""Mel frames of a window."""
_PASSES, _ENOUGH = 4, 1.0
"""Windows that each encoder is measured with at most, and seconds after which no other is begun."""
_GAIN = 0.9
"""Share of the other's time that the encoder in OpenVINO may take at most, or the larger program does not pay."""
ON_GPU = Choice(engine=FASTER_WHISPER, reason="there is a GPU")
"""Nothing is measured there."""


def open_engine(options: EngineOptions) -> Whisper:
    """Load the model with the engine that was chosen for it, now or before."""
    model = resolve(options.model, Path(options.cache_dir))
    placement = place(options)
    try:
        choices = Choices(Path(options.cache_dir), model.path, options.compute_type, options.threads)
    except OSError as error:
        raise ModelUnavailable(f"The model {model.name} cannot be read: {error}") from error
    choice = choices.recall()
    if placement.device == "cuda":
        choice = ON_GPU
        choices.remember(choice)
    elif choice == ON_GPU:  # it is gone, or not to be used any more
        choice = None
    whisper = preferred(choices, choice, lambda: whisper_openvino.load(model, placement, Path(options.cache_dir)))
    name = WHISPER_OPENVINO if whisper else FASTER_WHISPER
    whisper = whisper or load_whisper(CTranslate2Whisper, model, placement)
    return Whisper(
        name, model.name, whisper, placement.share, options.beam_size or (MOST_TEXTS if name == WHISPER_OPENVINO else 1)
    )


def preferred(choices: Choices, choice: Choice | None, load: Callable[[], OpenVINOWhisper]) -> OpenVINOWhisper | None:
    """The model with its encoder in OpenVINO, unless the other is chosen, or is chosen now; what holds from now on is remembered.

    `load` may raise any `DiaristError`; then the other hears.
    """
    if choice and choice.engine != WHISPER_OPENVINO:
        return None
    try:
        whisper = load()
        if not choice:
            choice = measured(whisper)
            choices.remember(choice)
    except DiaristError as error:
        log.warning("engine.other_chosen", engine=FASTER_WHISPER, reason=error.message)
        if isinstance(error, Misconfigured):  # all others, such as too little memory, may pass
            choices.remember(Choice(engine=FASTER_WHISPER, reason=str(error)))
        return None
    return whisper if choice.engine == WHISPER_OPENVINO else None


def measured(whisper: OpenVINOWhisper) -> Choice:
    """What both encoders take for one window, on the threads of one worker."""
    features = np.random.default_rng(1).standard_normal((1, whisper.model.n_mels, _FRAMES)).astype(np.float32)
    with translated():
        seconds = {
            WHISPER_OPENVINO: _fastest(lambda: whisper.encode(features)),
            FASTER_WHISPER: _fastest(lambda: WhisperModel.encode(whisper, features)),
        }
    return chosen(seconds)


def chosen(seconds: dict[str, float]) -> Choice:
    """By what each takes."""
    ours, other = seconds[WHISPER_OPENVINO], seconds[FASTER_WHISPER]
    engine = WHISPER_OPENVINO if ours <= _GAIN * other else FASTER_WHISPER
    reason = f"a window's encoder takes {ours:.3f} s in OpenVINO and {other:.3f} s in CTranslate2"
    return Choice(engine=engine, reason=reason, seconds=seconds)


def _fastest(encode: Callable[[], object]) -> float:
    """Seconds."""
    taken: list[float] = []  # the first takes longer; of a model that is slow, it tells enough
    while len(taken) < _PASSES and sum(taken) < _ENOUGH:
        started = time.perf_counter()
        encode()
        taken.append(time.perf_counter() - started)
    return min(taken)
