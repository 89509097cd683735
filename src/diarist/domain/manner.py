"""How a recording is to be heard, where somebody asks for something else than usual."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from enum import StrEnum

from diarist.domain.hints import NO_HINTS, Hints


class SpeechTask(StrEnum):
    """What is made of speech."""

    TRANSCRIBE = "transcribe"
    TRANSLATE = "translate"
    """English text of whatever language is spoken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """What is asked of one job; texts of different manners stand side by side, and none replaces another."""

    task: SpeechTask = SpeechTask.TRANSCRIBE
    model: str = ""
    """One of `engine.routes.offered`; empty for whichever hears such a recording."""
    temperature: float = 0.0
    """0 to 1; above 0 texts are drawn by chance."""
    hints: Hints = NO_HINTS
    """What holds for this job before what the recording and its account say."""

    @property
    def key(self) -> str:
        """The same for the same manner, 32 characters; empty for the usual one."""
        if self == USUAL:
            return ""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:32]


USUAL = Manner()
