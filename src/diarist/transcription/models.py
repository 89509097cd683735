"""The tables of chunks and transcripts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from diarist.database.base import Base, JsonOf, Owned
from diarist.domain.coverage import Coverage
from diarist.domain.transcript import Segment, Withdrawn


class ChunkRow(Owned, Base):
    """A window of a recording and, once an engine has heard it, its text; times in seconds."""

    __tablename__ = "chunks"
    __table_args__ = (UniqueConstraint("recording_id", "plan_version", "manner_key", "index"),)

    recording_id: Mapped[UUID] = mapped_column(ForeignKey("recordings.id", ondelete="CASCADE"))
    plan_version: Mapped[int]
    """Of all cuts of a recording in one manner the highest counts, see `storing.cut_before`."""
    manner_key: Mapped[str] = mapped_column(String(32), default="", server_default="")
    """`Manner.key` of the jobs that hear it; empty for the usual."""
    index: Mapped[int]
    start: Mapped[float]
    """From the start of the recording."""
    end: Mapped[float]
    """From the start of the recording."""
    speech: Mapped[list[Any]]
    """`[start, end]` pairs from the start of the chunk, where voice was heard."""
    blob_key: Mapped[str] = mapped_column(String(255))
    size_bytes: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    """As stored; 0 for one that shares the bytes of another chunk, and where it was not kept yet."""
    segments: Mapped[tuple[Segment, ...] | None] = mapped_column(JsonOf(tuple[Segment, ...]))
    """None until it has been heard; times from the start of the chunk."""
    language: Mapped[str | None] = mapped_column(String(8))
    language_probability: Mapped[float | None]
    engine: Mapped[str | None] = mapped_column(String(80))
    model: Mapped[str | None] = mapped_column(String(200))
    levels: Mapped[tuple[int, ...] | None] = mapped_column(JsonOf(tuple[int, ...]))
    """Root mean square of each second from the start of the chunk in whole dB relative to full scale; None where not measured."""
    sound_filter: Mapped[str] = mapped_column(String(80), default="", server_default="")
    """By which noise is taken out of it before it is heard; empty for none."""
    filter_failure: Mapped[str] = mapped_column(String(200), default="", server_default="")
    """Why that filter was not used for this chunk after all; empty where it was."""
    withdrawn: Mapped[tuple[Withdrawn, ...] | None] = mapped_column(JsonOf(tuple[Withdrawn, ...]))
    """What a second hearing spoke against; None where nobody kept it."""


class TranscriptRow(Owned, Base):
    """A finished transcript; a newer one gets the next version, an older one is never changed."""

    __tablename__ = "transcripts"
    __table_args__ = (UniqueConstraint("recording_id", "version"),)

    recording_id: Mapped[UUID] = mapped_column(ForeignKey("recordings.id", ondelete="CASCADE"))
    job_id: Mapped[UUID] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), index=True)
    version: Mapped[int]
    manner_key: Mapped[str] = mapped_column(String(32), default="", server_default="")
    """`Manner.key` of the job that made it; empty for the usual, which alone is what was said for everybody."""
    duration: Mapped[float]
    language: Mapped[str | None] = mapped_column(String(8))
    language_probability: Mapped[float | None]
    engine: Mapped[str] = mapped_column(String(80))
    model: Mapped[str] = mapped_column(String(200))
    segments: Mapped[tuple[Segment, ...]] = mapped_column(JsonOf(tuple[Segment, ...]))
    gaps: Mapped[list[Any]]
    """`{"start", "end", "code", "message"}` each."""
    coverage: Mapped[Coverage | None] = mapped_column(JsonOf(Coverage))
    """None for a transcript made before coverage was kept."""
    trust: Mapped[int | None]
    """0 to 100; None without speech, and where there is no coverage."""
    sound_filter: Mapped[str] = mapped_column(String(80), default="", server_default="")
    """By which noise was taken out of what was heard; empty for none."""
    withdrawn: Mapped[tuple[Withdrawn, ...] | None] = mapped_column(JsonOf(tuple[Withdrawn, ...]))
    """What a second hearing spoke against; None where nobody kept it."""
