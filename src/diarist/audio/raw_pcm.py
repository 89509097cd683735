"""Puts a header before samples that come without one: Core Audio's (Apple, CAF 1.0), which needs not know how many follow."""

from __future__ import annotations

import struct
from collections.abc import AsyncIterable, AsyncIterator

_LITTLE_ENDIAN = 2
_UNTIL_THE_END = -1
_CONTAINERS = (b"RIFF", b"caff", b"fLaC", b"OggS", b"FORM", b"\x1aE\xdf\xa3", b"ID3")
"""What begins so has a header of its own, whatever its sender says."""
_LONGEST = 4


async def with_header(pieces: AsyncIterable[bytes], *, rate: int, channels: int = 1) -> AsyncIterator[bytes]:
    """Signed 16-bit little-endian samples as a file; `rate` in Hz. What is a file already stays as it is."""
    head, begun = b"", False
    async for piece in pieces:
        if begun:
            yield piece
            continue
        head += piece
        if len(head) >= _LONGEST:
            yield _begun(head, rate, channels)
            begun = True
    if head and not begun:
        yield _begun(head, rate, channels)


def _begun(head: bytes, rate: int, channels: int) -> bytes:
    return head if head.startswith(_CONTAINERS) else _header(rate, channels) + head


def _header(rate: int, channels: int) -> bytes:
    description = struct.pack(">d4sIIIII", float(rate), b"lpcm", _LITTLE_ENDIAN, 2 * channels, 1, channels, 16)
    return b"".join(
        (
            struct.pack(">4sHH", b"caff", 1, 0),
            struct.pack(">4sq", b"desc", len(description)),
            description,
            struct.pack(">4sqI", b"data", _UNTIL_THE_END, 0),
        )
    )
