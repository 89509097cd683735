"""Tells from its first bytes what surely is no recording, without decoding anything; pure.

What is unknown passes: whether it can be heard is for the stage `inspect` to say.
"""

from __future__ import annotations

from diarist.errors import UnsupportedAudio

HEAD_BYTES = 512
"""As many of the first bytes as are looked at."""

_OTHERS = (
    # offset, bytes, what begins so
    (0, b"%PDF-", "a PDF document"),
    (0, b"PK\x03\x04", "a ZIP archive or an office document"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an office document"),
    (0, b"\x89PNG\r\n", "a PNG picture"),
    (0, b"\xff\xd8\xff", "a JPEG picture"),
    (0, b"GIF8", "a GIF picture"),
    (0, b"II*\x00", "a TIFF picture"),
    (0, b"MM\x00*", "a TIFF picture"),
    (8, b"WEBP", "a WebP picture"),
    (4, b"ftyphei", "a HEIC picture"),
    (4, b"ftypmif1", "a HEIC picture"),
    (4, b"ftypavif", "an AVIF picture"),
    (0, b"\x1f\x8b\x08", "a gzip archive"),
    (0, b"BZh", "a bzip2 archive"),
    (0, b"\xfd7zXZ\x00", "an xz archive"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (0, b"Rar!\x1a\x07", "a RAR archive"),
    (0, b"\x7fELF", "a program"),
    (0, b"\xca\xfe\xba\xbe", "a program"),
    (0, b"\xcf\xfa\xed\xfe", "a program"),
    (0, b"\x00asm", "a program"),
    (0, b"SQLite format 3\x00", "a database"),
)
_TEXT = bytes(range(0x20, 0x7F)) + b"\t\n\r\f"
_SHORTEST_TEXT = 16
"""Fewer printable bytes may be chance."""


def refuse_other_files(head: bytes) -> None:
    """Raise `UnsupportedAudio` when the first bytes, up to `HEAD_BYTES` of them, are those of something else."""
    kind = other_kind(head[:HEAD_BYTES])
    if kind:
        raise UnsupportedAudio(f"this is {kind}, not a recording")


def other_kind(head: bytes) -> str | None:
    """What surely is no recording, by name; None for what may be one."""
    for offset, magic, kind in _OTHERS:
        if head[offset:].startswith(magic):
            return kind
    if b"This program cannot be run in DOS mode" in head and head.startswith(b"MZ"):
        return "a program"
    # The headers of recordings hold sizes, and so bytes that no text has.
    if len(head) < _SHORTEST_TEXT or not _is_text(head):
        return None
    start = head.lstrip()[:32].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "a web page"
    return "JSON" if start.startswith((b"{", b"[")) else "text"


def _is_text(head: bytes) -> bool:
    """Whether it is UTF-8 without control characters; the last character may be cut off."""
    if not head.translate(None, _TEXT):
        return True
    if any(byte < 0x20 and byte not in _TEXT for byte in head):  # noqa: PLR2004 - the first printable character
        return False
    for cut in range(4):
        try:
            head[: len(head) - cut].decode()
        except UnicodeDecodeError:
            continue
        return True
    return False
