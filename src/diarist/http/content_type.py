"""What a request says that its body is."""

from __future__ import annotations

from starlette.datastructures import Headers


def media_type_of(headers: Headers) -> str:
    """The media type, in small letters and without parameters; empty where none is said."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()
