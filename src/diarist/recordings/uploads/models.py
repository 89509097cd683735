"""The tables of uploads and of the durable pieces that they consist of."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Double, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from diarist.database.base import Base, JsonOf, Owned
from diarist.domain.hints import Hints
from diarist.domain.job import JobPriority


class UploadKind(StrEnum):
    """How the bytes arrive."""

    TUS = "tus"
    """Piece by piece through us, or as the concatenation of parts."""
    PART = "tus-part"
    """One of several that are sent side by side and concatenated; becomes no recording by itself."""
    PRESIGNED = "presigned"
    """Straight into the blob store."""
    OPENAI = "openai"
    """In parts of which the last request tells the order; each arrives as a `PART`."""


class UploadState(StrEnum):
    """How far an upload is."""

    OPEN = "open"
    """Bytes are missing."""
    WHOLE = "whole"
    """Every byte is durable; it will become a recording, or already belongs to a finished part."""
    JOINED = "joined"
    """A part whose pieces belong to `final_id` now."""
    RECORDED = "recorded"
    REFUSED = "refused"
    """The bytes are no recording; `error_code` says why."""
    GONE = "gone"
    """Given up or expired; its bytes are being deleted, and the row goes last."""


class UploadRow(Owned, Base):
    """One upload; all that is known of it, so that any replica can carry on with it."""

    __tablename__ = "uploads"
    __table_args__ = (Index("ix_uploads_state_id", "state", "id"),)

    kind: Mapped[UploadKind]
    state: Mapped[UploadState] = mapped_column(default=UploadState.OPEN)
    length: Mapped[int | None] = mapped_column(BigInteger)
    """Bytes in all; None while the client has not said."""
    received: Mapped[int] = mapped_column(BigInteger, default=0)
    """Bytes that are durable, from the first on without a gap."""
    filename: Mapped[str] = mapped_column(String(255))
    metadata_header: Mapped[str | None] = mapped_column(Text)
    """`Upload-Metadata` as it was given; of OpenAI's uploads their purpose, and of a part of one of those its id."""
    priority: Mapped[JobPriority] = mapped_column(default=JobPriority.NORMAL)
    hints: Mapped[Hints | None] = mapped_column(JsonOf(Hints))
    """What the client knows of the recording that it will be."""
    sha256: Mapped[str | None] = mapped_column(String(64))
    """What the client says the digest of the whole will be, in hex; None when it does not say."""
    part_ids: Mapped[list[Any]] = mapped_column(default=list)
    """Of a concatenation: the ids of its parts, in order."""
    final_id: Mapped[UUID | None] = mapped_column(ForeignKey("uploads.id", ondelete="CASCADE"), index=True)
    """Of a part: the concatenation that it went into."""
    expires_at: Mapped[datetime] = mapped_column(index=True)
    lease_until: Mapped[float | None] = mapped_column(Double)
    """While a replica makes the recording: until when nobody else tries, by the database's clock."""
    error_code: Mapped[str | None] = mapped_column(String(60))
    error_message: Mapped[str | None] = mapped_column(Text)
    recording_id: Mapped[UUID | None] = mapped_column(ForeignKey("recordings.id", ondelete="SET NULL"), index=True)
    job_id: Mapped[UUID | None] = mapped_column(ForeignKey("jobs.id", ondelete="SET NULL"), index=True)

    @property
    def blob_prefix(self) -> str:
        """All bytes that were sent to this upload lie below it."""
        return blob_prefix(self.account_id, self.id)


class UploadPieceRow(Owned, Base):
    """Some bytes of an upload that are durable."""

    __tablename__ = "upload_pieces"
    __table_args__ = (UniqueConstraint("upload_id", "start"),)

    upload_id: Mapped[UUID] = mapped_column(ForeignKey("uploads.id", ondelete="CASCADE"))
    start: Mapped[int] = mapped_column(BigInteger)
    """Where in the upload it begins, bytes."""
    size: Mapped[int] = mapped_column(BigInteger)
    blob_key: Mapped[str] = mapped_column(String(255))


def blob_prefix(account_id: UUID, upload_id: UUID) -> str:
    """Where the bytes of an upload lie."""
    return f"accounts/{account_id.hex}/uploads/{upload_id.hex}"
