"""POST /v1/listen: a recording, or the address of one, and its text in the answer."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.background import BackgroundTask

from diarist.accounts.current import CurrentAccount, CurrentRuntime
from diarist.audio.raw_pcm import with_header
from diarist.compat.asking import Asked, ask, forget, hear
from diarist.compat.deepgram.answers import listened
from diarist.compat.deepgram.options import Options, read_options
from diarist.compat.deepgram.schemas import DeepgramError, Listened
from diarist.errors import NotAllowed, TooLarge
from diarist.http.content_type import media_type_of
from diarist.http.errors import UnsupportedValue
from diarist.http.presence import while_connected
from diarist.http.shapes import refusals
from diarist.http.upload import body_of
from diarist.runtime import Runtime

router = APIRouter(prefix="/v1/listen", tags=["Deepgram's API"])

_MOST_JSON = 16_384
"""Bytes of a body that names an address."""
_BINARY = {"schema": {"type": "string", "format": "binary"}}


class Address(BaseModel):
    """Where the recording is."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    url: Annotated[str, Field(min_length=1, max_length=8000)]
    """A public https address; what may be fetched is said at `POST /v1/recordings/imports`."""


_TAKES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": Address.model_json_schema()},
            "audio/*": _BINARY,
            "application/octet-stream": _BINARY,
        },
    }
}
_Switch = Annotated[str | None, Query(max_length=40)]
_Text = Annotated[str | None, Query(max_length=200)]


@router.post(
    "",
    responses=refusals(DeepgramError),
    response_model_exclude_none=True,
    openapi_extra=_TAKES,
)
async def listen(
    request: Request,
    response: Response,
    runtime: CurrentRuntime,
    account_id: CurrentAccount,
    model: _Text = None,  # noqa: ARG001 - described here, read together in `read_options`
    language: _Text = None,  # noqa: ARG001
    detect_language: Annotated[list[str] | None, Query()] = None,  # noqa: ARG001
    punctuate: _Switch = None,  # noqa: ARG001
    smart_format: _Switch = None,  # noqa: ARG001
    utterances: _Switch = None,  # noqa: ARG001
    utt_split: _Switch = None,  # noqa: ARG001
    keyterm: Annotated[list[str] | None, Query()] = None,  # noqa: ARG001
    keywords: Annotated[list[str] | None, Query()] = None,  # noqa: ARG001
    encoding: _Switch = None,  # noqa: ARG001
    sample_rate: _Switch = None,  # noqa: ARG001
    channels: _Switch = None,  # noqa: ARG001
    multichannel: _Switch = None,  # noqa: ARG001
) -> Listened:
    """Give a recording, get its text: Deepgram's. It is one of the account's recordings from then on.

    With `multichannel` each channel that holds a voice of its own is told apart; where none does, there is one, and a warning
    says so. What Deepgram can do besides, such as `diarize`, is refused where it would change the answer.
    """
    options = read_options(request.query_params, runtime.settings)
    asked = await _asked(request, runtime, account_id, options)
    transcript = await while_connected(request, hear(runtime, asked))
    response.background = BackgroundTask(forget, runtime, asked)
    return listened(transcript, asked.recording, options, request.state.request_id)


async def _asked(request: Request, runtime: Runtime, account_id: UUID, options: Options) -> Asked:
    store = runtime.settings.compat.store
    if media_type_of(request.headers) == "application/json":
        return await _fetched(runtime, account_id, await _address(request), options, store=store)
    most = runtime.settings.http.max_upload_bytes
    if int(request.headers.get("content-length", 0)) > most:
        raise TooLarge(f"the recording is larger than {most:,} bytes")
    pieces = body_of(request)
    if options.raw:
        rate, channels = options.raw
        pieces = with_header(pieces, rate=rate, channels=channels)
    return await ask(runtime, account_id, "recording", pieces, lambda: options.manner, store=lambda: store)


async def _fetched(runtime: Runtime, account_id: UUID, url: str, options: Options, *, store: bool) -> Asked:
    from diarist.recordings.fetching.download import download

    settings = runtime.settings
    if not settings.imports.enabled:
        raise NotAllowed("nothing is fetched from addresses here", advice="Send the recording itself.")
    async with download(url, settings.imports, settings.http.max_upload_bytes) as found:
        return await ask(runtime, account_id, found.filename, found.pieces, lambda: options.manner, store=lambda: store)


async def _address(request: Request) -> str:
    body = bytearray()
    async for piece in body_of(request):
        body += piece
        if len(body) > _MOST_JSON:
            raise TooLarge("an address is not that long")
    try:
        return Address.model_validate_json(bytes(body)).url
    except ValidationError as error:
        raise UnsupportedValue("url", 'the body has to be {"url": "https://…"}') from error
