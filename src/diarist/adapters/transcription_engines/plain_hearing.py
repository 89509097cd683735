"""Refuses what only some engines can: to translate, and to draw texts by chance."""

from __future__ import annotations

from diarist.domain.manner import SpeechTask
from diarist.errors import EngineCannot
from diarist.ports.transcription_engine import Guidance


def require_plain(guidance: Guidance, model: str) -> None:
    """Raise `EngineCannot` for more than the most probable text in the language that is spoken."""
    if guidance.task is SpeechTask.TRANSLATE:
        raise EngineCannot(f"The model {model} does not translate.", advice="Whisper models of many languages do.")
    if guidance.temperature:
        raise EngineCannot(f"The model {model} knows no temperature.", advice="Leave the temperature at 0.")
