"""The key itself: how one looks, and what is kept of it instead."""

from __future__ import annotations

import hashlib
import re
import secrets

PREFIX = "diarist_"
"""So that scanners for secrets, and people, know one where they see it."""
_BYTES = 32
_SHOWN = 6
"""Characters of the secret by which people tell keys apart; 220 of its 256 bits stay unknown."""
_KEY = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}")
"""43 characters of base64url hold 256 bits."""


def new_secret() -> str:
    """A key nobody has: 256 random bits behind the prefix."""
    return PREFIX + secrets.token_urlsafe(_BYTES)


def looks_like_ours(given: str) -> bool:
    """Whether somebody means to give a key of Diarist, right or wrong; other tools send any word where none is needed."""
    return given.startswith(PREFIX)


def is_well_formed(given: str) -> bool:
    """Whether it can be a key at all, so that nobody has to be asked for those that cannot."""
    return _KEY.fullmatch(given) is not None


def digest_of(secret: str) -> str:
    """What is stored: SHA-256 in hexadecimal. Of 256 random bits nothing can be guessed back; a slow hash would add nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()


def beginning_of(secret: str) -> str:
    """What is shown of it ever after."""
    return secret[: len(PREFIX) + _SHOWN]
