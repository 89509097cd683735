"""Makes Word documents and PDFs in a process of their own: their libraries take memory and seconds, and may break."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from diarist.child.clerk import Clerk
from diarist.child.serve import Handler
from diarist.child.wire import Message
from diarist.errors import EngineFailed, ExportFailed
from diarist.transcription.formats.document import Document
from diarist.transcription.formats.form import TranscriptFormat
from diarist.transcription.formats.rendering import draw

TARGET = f"{__name__}:open_typesetter"
"""For `Clerk`."""


def open_typesetter(options: Mapping[str, Any]) -> Handler:
    """The child's handler of calls; their method is the format, their payload a document."""
    del options
    return _typeset


async def make_document(typesetter: Clerk, document: Document, form: TranscriptFormat) -> bytes:
    """What `draw` gives, made by the child where that is better; raises `NotSupported` and `ExportFailed` as it does."""
    if not form.binary:
        return draw(document, form)
    try:
        return (await typesetter.ask(form.value, {}, msgspec.json.encode(document))).payload
    except EngineFailed as error:
        raise ExportFailed(f"the document could not be made: {error.message}") from error


def _typeset(method: str, params: Mapping[str, Any], payload: bytes) -> Iterator[Message]:
    del params
    yield Message({}, draw(msgspec.json.decode(payload, type=Document), TranscriptFormat(method)))
