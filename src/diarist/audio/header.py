"""Reads what a file's header promises where FFmpeg keeps it to itself.

FFmpeg trims a WAV's claim to the size of the file, and does not tell an MP3's stated length from its own estimate.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_MAGIC = (
    # offset, bytes, whether the header states how long the sound is
    (0, b"fLaC", True),
    (4, b"ftyp", True),
    (4, b"moov", True),
    (4, b"mdat", True),
    (0, b"\x1aE\xdf\xa3", True),  # Matroska and WebM
    (0, b"FORM", True),  # AIFF
    (0, b"caff", True),
    (0, b"FLV", True),
    (0, b"\x30\x26\xb2\x75", True),  # WMA
    (0, b"RIFF", True),  # AVI; WAVE is read below
    (0, b"RF64", False),
    (0, b"riff", False),  # Sony Wave64
    (0, b"OggS", False),  # FFmpeg looks at the last page, so it never promises more than there is
    (0, b"#!AMR", False),
    (0, b".snd", False),
)
_PCM = {1, 3, 6, 7, 0xFFFE}
"""WAV formats of constant bytes a second: integer, float, A-law, mu-law, extensible."""
_UNKNOWN_SIZES = (range(1), range(0x7FFF_0000, 0x8001_0000), range(0xFFFF_0000, 0x1_0000_0000))
"""What recorders write when they do not know the size yet, and never correct when they stream."""
_CHUNK = struct.Struct("<4sI")
"""Name and size, with which each part of a WAV begins."""
_XING_HAS_FRAMES, _XING_HAS_BYTES = 1, 2
_SYNC, _LAYER_I = 0xFFE0, 0x0006
"""Bits of a frame's start. Nobody records in layer I, and the mark of UTF-16 text looks like its first bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What the first bytes of a file say."""

    known: bool = True
    """Whether they are those of a container that we know, even if the rest cannot be opened."""
    empty: bool = False
    """Whether it says itself that no sound follows."""
    states_length: bool = False
    """Whether FFmpeg's duration is a statement of the header and no estimate."""
    seconds: float | None = None
    """The stated length where FFmpeg hides it."""
    ignore_length: bool = False
    """Whether sound goes on after the stated length, as when a recorder died before it could correct its header."""


def read_header(path: Path) -> Header:
    """Look at the first bytes; a file that is too odd to be read is left to FFmpeg."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(0)
        head = file.read(12)
        if head[:4] == b"RIFF" and head[8:] == b"WAVE":
            return _wav(file, size)
        for offset, magic, states_length in _MAGIC:
            if head[offset:].startswith(magic):
                return Header(states_length=states_length)
        return _mp3(file, head, size)


def _wav(file: BinaryIO, size: int) -> Header:
    kind, bytes_a_second = 0, 0
    while len(chunk := file.read(_CHUNK.size)) == _CHUNK.size:
        name, length = _CHUNK.unpack(chunk)
        start = file.tell()
        if name == b"fmt ":
            kind, _channels, _rate, bytes_a_second = struct.unpack("<HHII", file.read(12).ljust(12, b"\0"))
        elif name == b"data":
            return _wav_data(file, size, start, length, bytes_a_second if kind in _PCM else 0)
        file.seek(start + length + length % 2)
    return Header()


def _wav_data(file: BinaryIO, size: int, start: int, length: int, bytes_a_second: int) -> Header:
    if not bytes_a_second or any(length in sizes for sizes in _UNKNOWN_SIZES):
        return Header()
    after = start + length + length % 2
    stale = size - after > bytes_a_second and not _chunks_reach_end(file, after, size)
    return Header(states_length=not stale, seconds=None if stale else length / bytes_a_second, ignore_length=stale)


def _chunks_reach_end(file: BinaryIO, position: int, size: int) -> bool:
    while position + _CHUNK.size <= size:
        file.seek(position)
        name, length = _CHUNK.unpack(file.read(_CHUNK.size))
        if not (name.isascii() and name.decode("ascii").isprintable()):
            return False
        position += _CHUNK.size + length + length % 2
    return position <= size + 1


def _mp3(file: BinaryIO, head: bytes, size: int) -> Header:
    start = 0
    tagged = head.startswith(b"ID3")
    if tagged:
        a, b, c, d = head.ljust(10, b"\0")[6:10]
        start = 10 + (a << 21 | b << 14 | c << 7 | d)
    file.seek(start)
    frame = file.read(4096).ljust(4096, b"\0")
    sync = int.from_bytes(frame[:2])
    known = tagged or (sync & _SYNC == _SYNC and sync & _LAYER_I != _LAYER_I)
    for tag in (b"Xing", b"Info"):
        at = frame.find(tag, 0, 2048)
        if at >= 0:
            flags, frames, stated_size = struct.unpack_from(">III", frame, at + 4)
            appended = flags & _XING_HAS_BYTES and size - start > stated_size * 17 // 16  # FFmpeg then falls back to an estimate
            states_length = bool(flags & _XING_HAS_FRAMES and not appended)
            return Header(known=known, empty=states_length and frames == 0, states_length=states_length)
    return Header(known=known, empty=tagged and start >= size, states_length=b"VBRI" in frame[:2048])
