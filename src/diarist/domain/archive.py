"""What becomes of originals after a while."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ArchiveFormat(StrEnum):
    """How the recordings of an account are kept once they are old enough."""

    KEEP = "keep"
    """As they were given."""
    FLAC = "flac"
    """Without loss, where the original has none and becomes smaller."""
    OPUS = "opus"
    """32 kbit/s a channel: as good to listen to, and a tenth of the size or less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """A smaller copy that was checked against its original."""

    container: str
    """Format as FFmpeg names it."""
    codec: str
    sample_rate: int
    """Hz."""
    channels: int
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """There is no copy that could take the original's place."""

    reason: str
    """For people; the end of a sentence that begins with `the original is kept:`."""
