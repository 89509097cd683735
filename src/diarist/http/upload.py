"""Takes a file out of a request as it arrives: a field of a form, or the body itself."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from fnmatch import fnmatchcase

from starlette.requests import ClientDisconnect, Request

from diarist.errors import TooLarge
from diarist.http.bounds import takes_a_file
from diarist.http.content_type import media_type_of
from diarist.http.errors import MalformedRequest, UnsupportedMediaType
from diarist.http.multipart import MAX_OTHER_BYTES, Upload, uploaded_file

FORM = "multipart/form-data"
RAW_TYPES = ("audio/*", "video/*", "application/ogg", "application/octet-stream")
"""Types of a body that is the file itself."""


async def incoming_form(
    request: Request, max_bytes: int, wanted: Collection[str] = (), *, name: str = "file", any_order: bool = False
) -> Upload:
    """The file in a form, see `uploaded_file`; raises what `incoming_file` does."""
    _check_size(request, max_bytes)
    if media_type_of(request.headers) != FORM:
        raise UnsupportedMediaType(f"the body has to be {FORM}", advice=f"With curl: -F {name}=@memo.m4a")
    return await uploaded_file(body_of(request), request.headers["content-type"], wanted, name=name, any_order=any_order)


async def incoming_file(request: Request, filename: str, max_bytes: int, wanted: Collection[str] = ()) -> Upload:
    """The file of a request; `filename` names it when it is the body itself. `wanted`: see `uploaded_file`.

    Raises `TooLarge` before anything is read when the client says the size, `UnsupportedMediaType`, `MalformedRequest` and
    `InvalidRequest`; reading the pieces may raise the latter two as well.
    """
    _check_size(request, max_bytes)
    media_type = media_type_of(request.headers)
    if media_type == FORM:
        return await uploaded_file(body_of(request), request.headers["content-type"], wanted)
    if any(fnmatchcase(media_type, known) for known in RAW_TYPES):
        return Upload(filename, body_of(request))
    raise UnsupportedMediaType(f"{media_type or 'a body without content type'} is not accepted here")


def _check_size(request: Request, max_bytes: int) -> None:
    if int(request.headers.get("content-length", 0)) > max_bytes + 2 * MAX_OTHER_BYTES:
        raise TooLarge(f"the recording is larger than {max_bytes:,} bytes")


async def body_of(request: Request) -> AsyncIterator[bytes]:
    """The body as it arrives, however large; raises `MalformedRequest` when the connection ends before it does."""
    takes_a_file(request)
    try:
        async for piece in request.stream():
            if piece:
                yield piece
    except ClientDisconnect as error:
        raise MalformedRequest("the connection ended in the middle of the body", advice="Nothing was stored.") from error
