"""Uploads on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from diarist.accounts.hint_fields import HintFields
from diarist.domain.job import JobPriority
from diarist.recordings.uploads.models import UploadRow, UploadState


class UploadStatus(BaseModel):
    """How far an upload in pieces is; what HEAD says, and more, in JSON."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    id: UUID
    state: UploadState
    """`open`: bytes are missing; `whole`: all are there; `joined`: part of another; `recorded`; `refused`: no recording."""
    filename: str
    offset: int
    """Bytes that are durable."""
    length: int | None
    """Bytes in all; null while the client has not said."""
    expires_at: datetime
    error_code: str | None
    """Why it was refused."""
    recording_id: UUID | None
    """The recording that it has become."""
    job_id: UUID | None


class PresignedUploadRequest(HintFields):
    """A recording that will be put straight into the store."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")

    filename: Annotated[str, Field(min_length=1, max_length=1000)]
    """For people."""
    size_bytes: Annotated[int, Field(ge=1, le=2**53)]
    sha256: Annotated[str | None, Field(pattern="^[0-9a-f]{64}$")] = None
    """Hex digest of the bytes; if it is given, other bytes are refused."""
    priority: JobPriority = JobPriority.NORMAL


class PresignedUpload(BaseModel):
    """Where to put the bytes."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    id: UUID
    """Complete the upload under this id, once the bytes are there."""
    url: str
    """Whoever knows it may put the bytes until it expires."""
    method: Literal["PUT"]
    headers: dict[str, str]
    """To be sent along, exactly."""
    expires_at: datetime
    """When the URL expires."""


def status_from_row(row: UploadRow) -> UploadStatus:
    """An upload as it goes over the wire."""
    return UploadStatus(
        id=row.id, state=row.state, filename=row.filename, offset=row.received, length=row.length,
        expires_at=row.expires_at, error_code=row.error_code, recording_id=row.recording_id, job_id=row.job_id,
    )  # fmt: skip
