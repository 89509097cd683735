"""What is asked of a fleet, and what its parts cost."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from diarist.errors import InvalidInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """The load, and how much room is left beside it."""

    hours_per_hour: float
    """Audio-hours an hour, when it is busiest."""
    busy_share: float = 0.5
    """How much of that comes on average over a month; what is stored, moved and asked of models goes by it."""
    use: float = 0.7
    """How busy processors may be; the rest is for bursts and for a machine that is lost."""
    worker_cores: int = 4
    """Cores of one transcription worker."""
    kept_months: float = 12.0
    """How long originals are kept."""
    model_seconds: float = 60.0
    """How long language models take to write the entry of an hour of audio; 0 without any."""
    entries_at_once: int = 4
    """That one llm-worker waits for."""

    def __post_init__(self) -> None:
        """Raises `InvalidInput` for what is not a number above 0, or a share above 1."""
        for one in fields(self):
            value = getattr(self, one.name)
            least = 0.0 if one.name == "model_seconds" else 1e-9
            most = 1.0 if one.name in ("busy_share", "use") else 1e9
            if not math.isfinite(value) or not least <= value <= most:
                name = one.name.replace("_", "-")
                raise InvalidInput(f"{name}: {value} is out of range", advice=f"Give a number above 0, at most {most:g}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """In one currency; the defaults are round figures to be replaced by those of one's own provider."""

    core_hour: float = 0.04
    gpu_hour: float = 1.0
    memory_gb_hour: float = 0.005
    storage_gb_month: float = 0.023
    database_gb_month: float = 0.115
    traffic_gb: float = 0.0
    """For what comes in; most providers take nothing for it."""
    model_audio_hour: float = 0.0
    """What language models take for an hour of audio; `diarist costs` tells it from receipts."""

    def __post_init__(self) -> None:
        """Raises `InvalidInput` for what is not a number from 0 on."""
        for one in fields(self):
            value = getattr(self, one.name)
            if not math.isfinite(value) or value < 0:
                raise InvalidInput(f"{one.name.replace('_', '-')}: {value} is no price", advice="Give a number from 0 on.")
