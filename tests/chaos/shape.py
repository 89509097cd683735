"""How large a run is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Everything that a run is made of; the default is `make chaos`."""

    seed: int = 7
    recordings: int = 220
    abandoned: int = 12
    """Uploads that are broken off in the middle, and never taken up again."""
    seconds: float = 240.0
    """In which the recordings are uploaded and the faults happen."""
    quiet: float = 110.0
    """Seconds at most until all work is done afterwards."""
    long_seconds: float = 180.0
    """How long the one healthy task takes that must not be taken away."""
    still_seconds: float = 40.0
    s3_gone_seconds: float = 20.0
    servers: Mapping[str, int] = field(
        default_factory=lambda: {
            "Redis flushed": 2, "Redis killed": 2, "PostgreSQL killed": 2, "S3 gone": 1, "connections cut": 3, "packets late": 3,
            "half-open": 3, "bells doubled": 3, "disk full": 1,
        }
    )  # fmt: skip
    """How often each fault of the servers happens."""
    processes: Mapping[str, int] = field(
        default_factory=lambda: {"worker killed": 6, "worker suspended": 2, "llm-worker killed": 3, "API killed in mid-upload": 3}
    )
    """How often each fault of the processes happens."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Of the fleet, where they are not the usual ones."""
    real: int = 6
    """Recordings for the real Whisper, at the end."""


SHORT = Shape(
    recordings=36,
    abandoned=4,
    seconds=28.0,
    quiet=60.0,
    long_seconds=20.0,
    still_seconds=9.0,
    s3_gone_seconds=4.0,
    servers={"Redis flushed": 1, "Redis killed": 1, "PostgreSQL killed": 1, "S3 gone": 1, "connections cut": 1},
    processes={"worker killed": 2, "worker suspended": 1, "API killed in mid-upload": 1},
    settings={"QUEUE__LEASE": "5"},
    real=0,
)
"""A run for every day: the same proof, smaller."""
