"""What the OpenAPI description says of tus: its headers, there and back."""

from __future__ import annotations

import re
from typing import Any

from diarist.recordings.uploads.protocol import VERSION

CHUNK = "application/offset+octet-stream"
"""Media type of the bytes of an upload."""
_NUMBER = "^[0-9]{1,18}$"


def takes(*headers: str, body: bool | None = None) -> dict[str, Any]:
    """The request's headers, and whether it must (True) or may (False) have a body; for `openapi_extra`."""
    described: dict[str, Any] = {"parameters": [_REQUEST[name] for name in ("Tus-Resumable", *headers)]}
    if body is not None:
        schema = {"type": "string", "format": "binary"}
        described["requestBody"] = {"required": body, "content": {CHUNK: {"schema": schema}}}
    return described


def gives(description: str, *headers: str) -> dict[str, Any]:
    """An answer with these headers; for `responses`."""
    named = {name: {"description": _ANSWER[name], "schema": {"type": "string"}} for name in ("Tus-Resumable", *headers)}
    return {"description": description, "headers": named}


def _header(name: str, description: str, *, required: bool = False, pattern: str | None = None) -> dict[str, Any]:
    schema = {"type": "string", **({"pattern": pattern} if pattern else {})}
    return {"name": name, "in": "header", "required": required, "description": description, "schema": schema}


_REQUEST = {
    found["name"]: found
    for found in (
        _header("Tus-Resumable", "The version of the protocol.", required=True, pattern=f"^{re.escape(VERSION)}$"),
        _header("Upload-Length", "Bytes in all.", pattern=_NUMBER),
        _header("Upload-Defer-Length", "`1`: the length will be said later.", pattern="^1$"),
        _header(
            "Upload-Metadata",
            "`key base64,…`; `filename`, `priority` (interactive, normal, bulk) and the hints `language`, `languages` and "
            "`vocabulary` (parts with commas between them) are understood.",
        ),
        _header("Upload-Concat", "`partial`, or `final;` and the addresses of the parts."),
        _header("Upload-Offset", "Where the bytes go on; what HEAD says.", required=True, pattern=_NUMBER),
        _header("Upload-Checksum", "`algorithm base64` of the whole body; all of it counts or nothing."),
    )
}
_ANSWER = {
    "Tus-Resumable": "The version of the protocol.",
    "Tus-Version": "The versions that are spoken.",
    "Tus-Extension": "The extensions that are spoken.",
    "Tus-Max-Size": "Bytes that an upload may have.",
    "Tus-Checksum-Algorithm": "The algorithms of `Upload-Checksum`.",
    "Location": "The upload.",
    "Upload-Offset": "Bytes that are durable.",
    "Upload-Length": "Bytes in all.",
    "Upload-Expires": "When it is deleted unless more arrives.",
    "Diarist-Recording": "The recording, once every byte is there.",
    "Diarist-Job": "Its job.",
}
