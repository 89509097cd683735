"""What becomes of originals after a while."""

from __future__ import annotations

from enum import StrEnum


class ArchiveFormat(StrEnum):
    """How the recordings of an account are kept once they are old enough."""

    KEEP = "keep"
    """As they were given."""
    FLAC = "flac"
    """Without loss, where the original has none and becomes smaller."""
    OPUS = "opus"
    """32 kbit/s a channel: as good to listen to, and a tenth of the size or less."""
