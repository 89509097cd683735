"""Loads a Whisper model for CTranslate2, and tells in our words what goes wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from diarist.adapters.transcription_engines.ctranslate2_whisper import CTranslate2Whisper
from diarist.adapters.transcription_engines.placement import Placement
from diarist.engine.models import ResolvedModel
from diarist.errors import EngineFailed, ModelUnavailable

Loaded = TypeVar("Loaded", bound=CTranslate2Whisper)


def load_whisper(kind: type[Loaded], model: ResolvedModel, placement: Placement) -> Loaded:
    """`kind`: `CTranslate2Whisper`, or a subclass of it. Raises `ModelUnavailable`."""
    try:
        whisper: Loaded = kind(
            model.path,
            device=placement.device,
            device_index=list(placement.devices),
            compute_type=placement.compute_type,
            cpu_threads=placement.share.threads,
            num_workers=placement.share.workers if placement.device == "cpu" else 1,
            local_files_only=True,
        )
    except (RuntimeError, ValueError, OSError) as error:
        advice = "Check DIARIST_ENGINE__DEVICE and DIARIST_ENGINE__COMPUTE_TYPE, then the model's files: `diarist doctor`."
        raise ModelUnavailable(f"The model {model.name} cannot be loaded: {error}", advice=advice) from error
    return whisper


@contextmanager
def translated() -> Iterator[None]:
    """Raises `EngineFailed` for what the libraries raise."""
    try:
        yield
    except (RuntimeError, ValueError, MemoryError) as error:
        raise EngineFailed(f"The engine failed with {type(error).__name__}: {error}") from error
