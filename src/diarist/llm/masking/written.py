"""E-mail addresses, web addresses and addresses of machines, as they are written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import ip_address

from diarist.domain.masking import Kind
from diarist.llm.masking.detector import Finding

_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%'\u2019-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?![\w-])")
_URL = re.compile(r"\b(?:(?:https?|ftp)://|www\.)[^\s<>\"'\u201d\u2019()\[\]{}]{1,2000}", re.IGNORECASE)
_BARE = re.compile(
    r"(?<![\w.@-])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,6}"
    r"(?:com|org|net|edu|gov|io|dev|app|info|biz|eu|uk|de|fr|nl|ch|es|pl|se|ca|au|br|jp)(?![\w-]|\.\w)(?:/[^\s<>\"'()]{0,2000})?",
    re.IGNORECASE,
)
_IPV4 = re.compile(r"(?<![\w.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![\w]|\.[0-9])")
_IPV6 = re.compile(r"(?<![\w:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:[0-9.]{7,15})?(?![\w:])")


def find(text: str) -> Iterable[Finding]:
    """Find addresses on the internet."""
    for pattern, kind in ((_EMAIL, Kind.EMAIL), (_URL, Kind.URL), (_BARE, Kind.URL)):
        yield from (Finding(*match.span(), kind) for match in pattern.finditer(text))
    for pattern in (_IPV4, _IPV6):
        yield from (Finding(*match.span(), Kind.IP) for match in pattern.finditer(text) if _is_address(match[0]))


def _is_address(text: str) -> bool:
    if len(text) < len("1::1"):
        return False
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
