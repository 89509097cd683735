"""What planning tells while it goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from diarist.domain.audio import PlannedChunk, PlanSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanProgress:
    """A sign of life, each half minute of sound or so."""

    decoded_seconds: float
    expected_seconds: float | None
    """What the container lets hope for; a guess."""


Planned: TypeAlias = PlanProgress | tuple[PlannedChunk, bytes] | PlanSummary
"""How far it has come; a chunk and its FLAC; at the end, once, what was found out."""
