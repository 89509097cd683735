"""/v1/uploads: a large recording in parts (openai-python, types/upload.py); complete, it is a recording like any other."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from diarist.accounts.current import CurrentAccount, CurrentRuntime
from diarist.compat.openai.shape import ERRORS, OpenAiError
from diarist.compat.sent_forms import takes_form
from diarist.http.upload import incoming_form
from diarist.recordings.uploads import service
from diarist.recordings.uploads.in_parts import add_part, join_parts
from diarist.recordings.uploads.models import UploadKind, UploadRow, UploadState
from diarist.recordings.uploads.receiving import find_usable

router = APIRouter(prefix="/v1/uploads", tags=["OpenAI's API"])

_MOST_PARTS = 100_000
_DOCUMENTED = ConfigDict(use_attribute_docstrings=True)
_ERRORS: dict[int | str, dict[str, Any]] = {404: {"model": OpenAiError, "description": "There is no such upload."}, **ERRORS}


class NewUpload(BaseModel):
    """What is going to be sent."""

    model_config = _DOCUMENTED

    bytes: Annotated[int, Field(ge=1, le=2**62)]
    """Size of the whole."""
    filename: Annotated[str, Field(min_length=1, max_length=1000)]
    mime_type: Annotated[str, Field(max_length=200)]
    """Taken, and not believed: what it is tell its bytes."""
    purpose: Annotated[str, Field(max_length=40)]
    """Given back as it was given; every upload becomes a recording."""


class Completion(BaseModel):
    """Which parts make up the whole."""

    model_config = _DOCUMENTED

    part_ids: Annotated[list[UUID], Field(min_length=1, max_length=_MOST_PARTS)]
    """In order."""
    md5: Annotated[str | None, Field(pattern="^[0-9a-fA-F]{32}$")] = None
    """Of the whole, in hex."""


class File(BaseModel):
    """What the upload has become."""

    model_config = _DOCUMENTED

    id: UUID
    """The recording's id: `GET /v1/recordings/{id}`."""
    object: Literal["file"] = "file"
    bytes: int
    created_at: int
    filename: str
    purpose: str
    status: Literal["processed"] = "processed"


class Upload(BaseModel):
    """An upload in parts; times are seconds since 1970."""

    id: UUID
    object: Literal["upload"] = "upload"
    bytes: int
    created_at: int
    expires_at: int
    filename: str
    purpose: str
    status: Literal["pending", "completed", "cancelled"]
    file: File | None = None


class Part(BaseModel):
    """A part that is durable."""

    id: UUID
    object: Literal["upload.part"] = "upload.part"
    created_at: int
    upload_id: UUID


@router.post("", responses=ERRORS)
async def create_upload(wanted: NewUpload, runtime: CurrentRuntime, account_id: CurrentAccount) -> Upload:
    """Begin; then send parts of any size, in any order."""
    new = service.NewUpload(
        kind=UploadKind.OPENAI,
        filename=wanted.filename,
        length=wanted.bytes,
        metadata_header=json.dumps({"purpose": wanted.purpose, "mime_type": wanted.mime_type}),
    )
    return _shown(await service.begin(runtime, account_id, new))


@router.post("/{upload_id}/parts", responses=_ERRORS, openapi_extra=takes_form("data", "Bytes of the part."))
async def create_part(upload_id: UUID, request: Request, runtime: CurrentRuntime, account_id: CurrentAccount) -> Part:
    """Send a part; its place is told with the last request."""
    upload = await find_usable(runtime, account_id, upload_id, UploadKind.OPENAI)
    sent = await incoming_form(request, runtime.settings.http.max_upload_bytes, name="data")
    part = await add_part(runtime, upload, sent.pieces)
    return Part(id=part.id, created_at=int(part.created_at.timestamp()), upload_id=upload.id)


@router.post("/{upload_id}/complete", responses=_ERRORS)
async def complete_upload(upload_id: UUID, wanted: Completion, runtime: CurrentRuntime, account_id: CurrentAccount) -> Upload:
    """Make a recording of the parts, and begin its job; to ask again does no harm."""
    upload = await find_usable(runtime, account_id, upload_id, UploadKind.OPENAI)
    return _shown(await join_parts(runtime, upload, wanted.part_ids, wanted.md5))


@router.post("/{upload_id}/cancel", responses=_ERRORS)
async def cancel_upload(upload_id: UUID, runtime: CurrentRuntime, account_id: CurrentAccount) -> Upload:
    """Give it up; a recording that it has become stays."""
    upload = await find_usable(runtime, account_id, upload_id, UploadKind.OPENAI)
    await service.give_up(runtime, upload)
    return _shown(upload).model_copy(update={"status": "cancelled"})


def _shown(upload: UploadRow) -> Upload:
    purpose = json.loads(upload.metadata_header or "{}").get("purpose", "")
    created_at, size = int(upload.created_at.timestamp()), upload.length or 0
    file = None
    if upload.state is UploadState.RECORDED and upload.recording_id:
        file = File(id=upload.recording_id, bytes=size, created_at=created_at, filename=upload.filename, purpose=purpose)
    return Upload(
        id=upload.id,
        bytes=size,
        created_at=created_at,
        expires_at=int(upload.expires_at.timestamp()),
        filename=upload.filename,
        purpose=purpose,
        status="completed" if file else "pending",
        file=file,
    )
