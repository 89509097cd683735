"""Loads a Whisper model for CTranslate2, and tells in our words what goes wrong with it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from faster_whisper import WhisperModel

from diarist.engine.models import ResolvedModel
from diarist.errors import EngineFailed, ModelUnavailable
from diarist.ports.transcription_engine import EngineOptions

Loaded = TypeVar("Loaded", bound=WhisperModel)


def load_whisper(kind: type[Loaded], model: ResolvedModel, options: EngineOptions) -> Loaded:
    """`kind`: `WhisperModel`, or a subclass of it. Raises `ModelUnavailable`."""
    try:
        whisper: Loaded = kind(
            model.path,
            device=options.device,
            compute_type=options.compute_type,
            cpu_threads=options.threads or processors(),
            local_files_only=True,
        )
    except (RuntimeError, ValueError, OSError) as error:
        advice = "Check DIARIST_ENGINE__DEVICE and DIARIST_ENGINE__COMPUTE_TYPE, then the model's files: `diarist doctor`."
        raise ModelUnavailable(f"The model {model.name} cannot be loaded: {error}", advice=advice) from error
    return whisper


def processors() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def translated() -> Iterator[None]:
    """Raises `EngineFailed` for what the libraries raise."""
    try:
        yield
    except (RuntimeError, ValueError, MemoryError) as error:
        raise EngineFailed(f"The engine failed with {type(error).__name__}: {error}") from error


def guarded(found: Iterator[Any]) -> Iterator[Any]:
    """The same, one by one; raises `EngineFailed`."""
    with translated():
        yield from found
