"""What a fetched recording is called, for people; pure."""

from __future__ import annotations

import re
from urllib.parse import unquote, unquote_to_bytes

_EXTENDED = re.compile(r"filename\*\s*=\s*(utf-8|iso-8859-1)'[^']*'([^;\s]+)", re.IGNORECASE)
_PLAIN = re.compile(r'filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s"]+))', re.IGNORECASE)
_LONGEST = 2_000
"""Characters of a header that are looked at."""


def name_in_disposition(header: str) -> str:
    """The name in a `Content-Disposition` (RFC 6266, RFC 8187), or an empty text."""
    header = header[:_LONGEST]
    if extended := _EXTENDED.search(header):
        return unquote_to_bytes(extended[2]).decode(extended[1].lower(), errors="replace")
    if plain := _PLAIN.search(header):
        return re.sub(r"\\(.)", r"\1", plain[1]) if plain[1] is not None else plain[2]
    return ""


def name_in_path(path: str) -> str:
    """The last part of a path as it stands in an address, decoded, or an empty text."""
    return unquote(path.rpartition("/")[2], errors="replace")
