"""Diarist as its user has it, for measuring: workers, a database and a blob store in a folder of their own."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from pathlib import Path

from diarist.cli.evaluating.listening import Listener, listening
from diarist.pipeline import PIPELINE
from diarist.settings import EngineSettings, Settings


def running(folder: Path, model: str, cache_dir: Path) -> AbstractAsyncContextManager[Listener]:
    """A system with a model; nothing of it is loaded before the first recording."""
    return listening(Settings(cache_dir=cache_dir), EngineSettings(model=model), folder, PIPELINE)
