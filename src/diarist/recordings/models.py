"""The table of recordings."""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePath

from sqlalchemy import BigInteger, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from diarist.database.base import Base, JsonOf, Owned
from diarist.domain.archive import ArchiveFormat
from diarist.domain.hints import Hints


class RecordingRow(Owned, Base):
    """One recording; what the sound holds is filled in by the stages `inspect` and `plan`."""

    __tablename__ = "recordings"
    __table_args__ = (
        UniqueConstraint("account_id", "sha256"),
        Index("ix_recordings_account_id_id", "account_id", "id"),
        Index("ix_recordings_account_id_spoken_at", "account_id", text("coalesce(recorded_at, created_at)"), "id"),
    )

    sha256: Mapped[str] = mapped_column(String(64))
    """Hex digest of the bytes as given."""
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    filename: Mapped[str] = mapped_column(String(255))
    """As given, for people; never used as a path."""
    blob_key: Mapped[str] = mapped_column(String(255))
    container: Mapped[str | None] = mapped_column(String(80))
    codec: Mapped[str | None] = mapped_column(String(40))
    sample_rate: Mapped[int | None]
    channels: Mapped[int | None]
    declared_duration: Mapped[float | None]
    """Seconds by the file's own header."""
    duration: Mapped[float | None]
    """Seconds that could be decoded; known when planning is finished."""
    speech_seconds: Mapped[float | None]
    loudness_dbfs: Mapped[float | None]
    loudness_lufs: Mapped[float | None]
    """Integrated loudness by EBU R 128 of the sound mixed to one channel; None for silence."""
    hints: Mapped[Hints | None] = mapped_column(JsonOf(Hints))
    """What whoever gave it knew of it."""
    recorded_at: Mapped[datetime | None]
    """When it was recorded, by the file's own header or by its owner; None where neither says."""

    archived_at: Mapped[datetime | None]
    """When it was re-encoded, or when that turned out to gain nothing."""
    archived_format: Mapped[ArchiveFormat | None]
    """None while the original is kept."""
    original_size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    """Size of the bytes as given, once `size_bytes` is that of what took their place."""
    superseded_key: Mapped[str | None] = mapped_column(String(255), index=True)
    """The original that is no longer needed, until it is deleted."""

    @property
    def blob_prefix(self) -> str:
        """Everything that belongs to this recording lies below it."""
        return self.blob_key.rpartition("/")[0]

    @property
    def audio_tag(self) -> str:
        """Names the bytes that are served: the digest of the original, or of what kind of copy took its place."""
        return f"{self.sha256}-{self.archived_format.value}" if self.archived_format else self.sha256

    @property
    def audio_filename(self) -> str:
        """What the bytes that are served are called."""
        return f"{PurePath(self.filename).stem}.{self.archived_format.value}" if self.archived_format else self.filename

    @property
    def spoken_at(self) -> datetime:
        """When it was recorded, as far as is known: else it was spoken when it came."""
        return self.recorded_at or self.created_at

    @property
    def best_duration(self) -> float | None:
        """Seconds: what was decoded, or until then what the header claims."""
        return self.duration if self.duration is not None else self.declared_duration
