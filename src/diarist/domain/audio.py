"""What is known of a recording's sound, and the chunks it is cut into."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

SAMPLE_RATE = 16_000
"""Hz; every engine hears mono audio at this rate."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time in seconds from the start of whatever it lies in; `start <= end`."""

    start: float
    end: float

    @property
    def duration(self) -> float:
        """Seconds."""
        return self.end - self.start


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something the owner should know about a result that is otherwise good."""

    code: str
    """Stable name for machines, such as `truncated_audio`."""
    message: str
    """One sentence for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioInfo:
    """What the container and its first audio stream say of themselves."""

    container: str
    """Format as FFmpeg names it, such as `mp3` or `mov,mp4,m4a,3gp,3g2,mj2`."""
    codec: str
    """Codec as FFmpeg names it, such as `aac` or `pcm_s16le`."""
    sample_rate: int
    """Hz."""
    channels: int
    declared_duration: float | None
    """Seconds, as the header claims; it may lie or be absent."""
    recorded_at: datetime | None = None
    """When it was recorded, as the header claims, in UTC; None where it does not say, or says what cannot be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedChunk:
    """A window of a recording that is sent to an engine as one piece."""

    index: int
    """Place in the recording, from 0."""
    start: float
    """Seconds from the start of the recording."""
    end: float
    """Seconds from the start of the recording."""
    speech: tuple[Span, ...]
    """Where voice was heard: ascending, not overlapping, in seconds **from the start of the chunk**, padded."""
    levels: tuple[int, ...] = ()
    """Root mean square of each second from the start of the chunk, in whole dB relative to full scale; -120 for silence."""
    channels: tuple[tuple[Span, ...], ...] = ()
    """Where voice was heard in each channel, if each is another voice; then the chunk's sound is laid out as `domain/channels.py`
    tells. Empty for what is mixed."""
    filter_failure: str = ""
    """Why the sound filter that was chosen was not used for it, in words; empty where it was, and where none was chosen."""

    @property
    def duration(self) -> float:
        """Seconds."""
        return self.end - self.start


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSummary:
    """What planning a whole recording found out."""

    duration: float
    """Seconds that could be decoded."""
    speech_seconds: float
    """Seconds in which voice was heard."""
    peak: float
    """Largest absolute sample, 0 to 1 (more than 1 when the source clips)."""
    loudness_dbfs: float | None
    """Root mean square over the whole recording in dB relative to full scale; None for digital silence."""
    loudness_lufs: float | None = None
    """Integrated loudness by EBU R 128, of the mix to one channel; None when nothing is loud enough to count."""
    warnings: tuple[Notice, ...] = ()
