"""What runs in the typesetter's process: documents are made by libraries that take memory and seconds, and may break."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from diarist.child.serve import Handler
from diarist.child.wire import Message
from diarist.domain.transcript import Transcript
from diarist.transcription.formats.form import USUAL, TranscriptFormat
from diarist.transcription.formats.reading import Origin
from diarist.transcription.formats.rendering import render

TARGET = f"{__name__}:open_typesetter"
"""For `ChildProcess`."""


def open_typesetter(options: Mapping[str, Any]) -> Handler:
    """The handler of calls; their method is the format, their payload what `packed` makes."""
    del options
    return _typeset


def packed(transcript: Transcript, origin: Origin) -> bytes:
    """What a call sends."""
    return msgspec.json.encode((transcript, origin))


def _typeset(method: str, params: Mapping[str, Any], payload: bytes) -> Iterator[Message]:
    del params
    transcript, origin = msgspec.json.decode(payload, type=tuple[Transcript, Origin])
    yield Message({}, render(transcript, TranscriptFormat(method), origin, USUAL))
