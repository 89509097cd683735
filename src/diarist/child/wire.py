r"""The frames that parent and child exchange: a line of sizes, a JSON body, raw bytes.

    {"kind": "call", "body": 17, "payload": 4}\n
    {"method":"echo"}abcd

Kinds: a `call` goes to the child; `message` (any number), then `end` or `error`, come back for it; `alive` (any number)
says no more than that it goes on, and `figures` (any number) what it has counted, see `figures.py`; `spans` tells before the end
what was done, if the call is part of a trace. A `profile` goes to the child at any time, see `profiling.py`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

MAX_HEADER = 128
"""Bytes of the line of sizes."""
MAX_BODY = 64 * 1024**2
"""Bytes of JSON in one frame."""
MAX_PAYLOAD = 512 * 1024**2
"""Raw bytes in one frame; half an hour of uncompressed 32-bit audio at 16 kHz takes a quarter of it."""
KINDS = ("call", "profile", "message", "alive", "figures", "spans", "end", "error")


@dataclass(frozen=True, slots=True)
class Message:
    """What a handler yields and a caller receives."""

    body: dict[str, Any]
    """Anything that JSON can say, not-a-number excluded."""
    payload: bytes = b""


@dataclass(frozen=True, slots=True)
class Header:
    """What follows on the wire."""

    kind: str
    body: int
    """Bytes."""
    payload: int
    """Bytes."""


def encode(kind: str, message: Message) -> bytes:
    """One frame without its payload, which is sent as it is; raises `ValueError` or `TypeError` when it cannot be sent."""
    body = json.dumps(message.body, separators=(",", ":"), allow_nan=False).encode()
    header = {"kind": kind, "body": len(body), "payload": len(message.payload)}
    line = json.dumps(header).encode() + b"\n"
    decode_header(line)
    return line + body


def decode_header(line: bytes) -> Header:
    """Read and check a line of sizes; raises `ValueError`."""
    if len(line) > MAX_HEADER or not line.endswith(b"\n"):
        raise ValueError("the line of sizes is too long or cut off")
    match json.loads(line):
        case {"kind": str(kind), "body": int(body), "payload": int(payload)} if kind in KINDS:
            if not 0 <= body <= MAX_BODY or not 0 <= payload <= MAX_PAYLOAD:
                raise ValueError(f"a frame of {body} + {payload} bytes is out of bounds")
            return Header(kind, body, payload)
    raise ValueError("not a line of sizes")


def decode_body(data: bytes) -> dict[str, Any]:
    """Read a body; raises `ValueError`."""
    body = json.loads(data)
    if not isinstance(body, dict):
        raise ValueError("the body of a frame is not an object")  # noqa: TRY004  # one class for all nonsense on the wire
    return body
