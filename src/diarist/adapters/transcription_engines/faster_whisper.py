"""Whisper through faster-whisper, wholly in CTranslate2."""

from __future__ import annotations

from pathlib import Path

from diarist.adapters.transcription_engines.ctranslate2_whisper import CTranslate2Whisper
from diarist.adapters.transcription_engines.placement import place
from diarist.adapters.transcription_engines.whisper_loading import load_whisper
from diarist.adapters.transcription_engines.whisper_reading import Whisper
from diarist.engine.choice import FASTER_WHISPER
from diarist.engine.models import resolve
from diarist.ports.transcription_engine import EngineOptions


def open_engine(options: EngineOptions) -> Whisper:
    """Load the model that the options name."""
    model = resolve(options.model, Path(options.cache_dir))
    placement = place(options)
    whisper = load_whisper(CTranslate2Whisper, model, placement)
    return Whisper(FASTER_WHISPER, model.name, whisper, placement.share, options.beam_size or 1)
