"""Names a download (RFC 6266, RFC 8187) so that no name can break the header; pure."""

from __future__ import annotations

import re
from urllib.parse import quote

_PLAIN = re.compile(r"[^ !#$&\'()+,\-.0-9;=@A-Z\[\]^_`a-z{}~]")
"""What does not survive between the quotes of an old client: beyond ASCII, quotes, escapes, wildcards, separators of paths."""


def content_disposition(filename: str, kind: str = "inline") -> str:
    """The header's value: a plain name for old clients, and the true one in UTF-8 when they differ."""
    plain = _PLAIN.sub("_", filename)
    value = f'{kind}; filename="{plain}"'
    if plain == filename:
        return value
    return f"{value}; filename*=UTF-8''{quote(filename, safe='', errors='replace')}"
