"""Resumable uploads over HTTP: tus 1.0.0 (tus.io/protocols/resumable-upload)."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, HTTPException, Request, Response

from diarist.accounts.current import CurrentAccount, CurrentRuntime
from diarist.errors import (
    ChecksumMismatch,
    Conflict,
    DiaristError,
    Empty,
    EngineFailed,
    InvalidInput,
    NotAllowed,
    NotFound,
    OffsetMismatch,
    StorageFailed,
    StorageFull,
    TooLarge,
    UndecodableAudio,
    UnsupportedAudio,
    UploadGone,
)
from diarist.http.content_type import media_type_of
from diarist.http.errors import InvalidRequest, MalformedRequest, UnsupportedMediaType, UnsupportedVersion
from diarist.http.openapi import problems
from diarist.http.upload import body_of
from diarist.recordings.quotas import QuotaReached, TooManyJobs
from diarist.recordings.uploads import protocol, service
from diarist.recordings.uploads.completion import complete, raise_refusal
from diarist.recordings.uploads.models import UploadKind, UploadRow
from diarist.recordings.uploads.receiving import Patch, Taken, append, find_usable
from diarist.recordings.uploads.schemas import UploadStatus, status_from_row
from diarist.recordings.uploads.tus_answers import OVERRIDE, TusRoute, address, all_headers, offset_headers
from diarist.recordings.uploads.tus_description import CHUNK, gives, takes
from diarist.runtime import Runtime

router = APIRouter(prefix=protocol.PATH, tags=["resumable uploads"], route_class=TusRoute)

_KINDS = (UploadKind.TUS, UploadKind.PART)
_LINKS = ("Diarist-Recording", "Diarist-Job")
_REFUSED = (Empty, UnsupportedAudio, UndecodableAudio, StorageFull, StorageFailed, EngineFailed, QuotaReached, TooManyJobs)
"""How making a recording of the bytes can end."""


@router.options(
    "",
    status_code=204,
    responses={
        204: gives("What is spoken here.", "Tus-Version", "Tus-Extension", "Tus-Max-Size", "Tus-Checksum-Algorithm"),
        **problems(),
    },
)
async def discover_tus(runtime: CurrentRuntime) -> Response:
    """What this server can do."""
    headers = {
        "Tus-Version": protocol.VERSION,
        "Tus-Extension": ",".join(protocol.EXTENSIONS),
        "Tus-Max-Size": str(runtime.settings.http.max_upload_bytes),
        "Tus-Checksum-Algorithm": ",".join(protocol.ALGORITHMS),
    }
    return Response(status_code=204, headers=headers)


@router.post(
    "",
    status_code=201,
    response_class=Response,
    responses={
        201: gives("Begun.", "Location", "Upload-Offset", "Upload-Expires", *_LINKS),
        **problems(
            UnsupportedVersion,
            InvalidInput,
            TooLarge,
            ChecksumMismatch,
            NotFound,
            Conflict,
            MalformedRequest,
            UnsupportedMediaType,
            *_REFUSED,
        ),
    },
    openapi_extra=takes(
        "Upload-Length", "Upload-Defer-Length", "Upload-Metadata", "Upload-Concat", "Upload-Checksum", body=False
    ),
)
async def begin_upload(request: Request, runtime: CurrentRuntime, account_id: CurrentAccount) -> Response:
    """Begin an upload, whose first bytes may come along; or join finished parts into one."""
    headers = request.headers
    concat = protocol.concat(headers.get("upload-concat"))
    metadata = protocol.metadata(headers.get("upload-metadata"))
    new = service.NewUpload(
        kind=UploadKind.PART if concat and not concat.is_final else UploadKind.TUS,
        filename=metadata.filename,
        length=_length(request, known=bool(concat and concat.is_final)),
        priority=metadata.priority,
        hints=metadata.hints,
        metadata_header=headers.get("upload-metadata"),
    )
    taken = None
    if concat and concat.is_final:
        upload = await service.join(runtime, account_id, new, concat.part_ids)
    else:
        upload, taken = await _begin(request, runtime, account_id, new)
    raise_refusal(upload)
    upload = await complete(runtime, upload, taken)
    public_url = runtime.settings.http.public_url
    return Response(status_code=201, headers={"Location": address(public_url, upload), **offset_headers(public_url, upload)})


@router.head(
    "/{upload_id}",
    response_class=Response,
    responses={
        200: gives("How far it is.", "Upload-Offset", "Upload-Length", "Upload-Expires", *_LINKS),
        **problems(UnsupportedVersion, NotFound, UploadGone, TooLarge, *_REFUSED),
    },
    openapi_extra=takes(),
)
async def look_at_upload(upload_id: UUID, runtime: CurrentRuntime, account_id: CurrentAccount) -> Response:
    """How many bytes are durable: go on from there."""
    upload = await find_usable(runtime, account_id, upload_id, *_KINDS)
    raise_refusal(upload)
    upload = await complete(runtime, upload)
    return Response(headers=all_headers(runtime.settings.http.public_url, upload))


@router.get("/{upload_id}", responses=problems(NotFound, UploadGone))
async def get_upload(upload_id: UUID, runtime: CurrentRuntime, account_id: CurrentAccount) -> UploadStatus:
    """An upload and what it has become, in JSON: our own addition to tus."""
    return status_from_row(await find_usable(runtime, account_id, upload_id, *_KINDS))


@router.patch(
    "/{upload_id}",
    status_code=204,
    response_class=Response,
    responses={
        204: gives("The bytes are durable.", "Upload-Offset", "Upload-Expires", *_LINKS),
        **problems(
            UnsupportedVersion, NotFound, UploadGone, OffsetMismatch, Conflict, NotAllowed, TooLarge, ChecksumMismatch,
            MalformedRequest, UnsupportedMediaType, *_REFUSED,
        ),
    },
    openapi_extra=takes("Upload-Offset", "Upload-Checksum", "Upload-Length", body=True),
)  # fmt: skip
async def add_to_upload(upload_id: UUID, request: Request, runtime: CurrentRuntime, account_id: CurrentAccount) -> Response:
    """Add bytes; with the last one the upload becomes a recording, and its job begins."""
    if media_type_of(request.headers) != CHUNK:
        raise UnsupportedMediaType("the bytes of an upload have a type of their own", advice=f"Send them as {CHUNK}.")
    upload = await find_usable(runtime, account_id, upload_id, *_KINDS)
    raise_refusal(upload)
    offset = protocol.number("Upload-Offset", request.headers.get("upload-offset"))
    if offset is None:
        raise InvalidRequest("`Upload-Offset` is missing")
    taken = await append(runtime, upload, _patch(request, offset), body_of(request))
    upload = await complete(runtime, upload, taken)
    return Response(status_code=204, headers=offset_headers(runtime.settings.http.public_url, upload))


@router.delete(
    "/{upload_id}",
    status_code=204,
    response_class=Response,
    responses={204: gives("Given up."), **problems(UnsupportedVersion, NotFound, UploadGone, Conflict, StorageFailed)},
    openapi_extra=takes(),
)
async def give_up_upload(upload_id: UUID, runtime: CurrentRuntime, account_id: CurrentAccount) -> Response:
    """Give an upload up; a recording that it has become stays."""
    await service.give_up(runtime, await find_usable(runtime, account_id, upload_id, *_KINDS))
    return Response(status_code=204)


@router.post("/{upload_id}", include_in_schema=False)
async def overridden(upload_id: UUID, request: Request, runtime: CurrentRuntime, account_id: CurrentAccount) -> Response:
    """Do what the method says that a client names who can only POST."""
    method = request.headers.get(OVERRIDE, "").upper()
    if method == "PATCH":
        return await add_to_upload(upload_id, request, runtime, account_id)
    if method == "DELETE":
        return await give_up_upload(upload_id, runtime, account_id)
    raise HTTPException(405)


def _length(request: Request, *, known: bool) -> int | None:
    """`Upload-Length`, or None when it comes later or the parts tell it."""
    length = protocol.number("Upload-Length", request.headers.get("upload-length"))
    deferred = request.headers.get("upload-defer-length")
    if deferred not in {None, "1"}:
        raise InvalidRequest("`Upload-Defer-Length` can only be 1")
    if (length is not None) + (deferred is not None) + known != 1:
        raise InvalidRequest("say the length once: `Upload-Length`, or `Upload-Defer-Length: 1`; the parts of a whole tell it")
    return length


def _patch(request: Request, offset: int, length: int | None = None) -> Patch:
    return Patch(
        offset=offset,
        size=protocol.number("Content-Length", request.headers.get("content-length")),
        length=length if length is not None else protocol.number("Upload-Length", request.headers.get("upload-length")),
        checksum=protocol.checksum(request.headers.get("upload-checksum")),
    )


async def _begin(request: Request, runtime: Runtime, account_id: UUID, new: service.NewUpload) -> tuple[UploadRow, Taken | None]:
    """Begin an upload and add the bytes that came along, or leave nothing behind."""
    headers = request.headers
    has_body = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
    if has_body and media_type_of(headers) != CHUNK:
        raise UnsupportedMediaType("the bytes of an upload have a type of their own", advice=f"Send them as {CHUNK}.")
    patch = _patch(request, 0, new.length)
    upload, taken = await service.begin(runtime, account_id, new), None
    if has_body:
        try:
            taken = await append(runtime, upload, patch, body_of(request))
        except DiaristError:
            await service.give_up(runtime, await find_usable(runtime, account_id, upload.id, *_KINDS))
            raise
    return upload, taken
