"""What has to be remembered between leaving for the provider and coming back: all of it follows from one secret in a cookie.

So nothing is stored, any replica can take the answer, and an answer that this browser did not ask for fits nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Self
from urllib.parse import quote, unquote

LASTS = 600
"""Seconds to sign in at the provider."""
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
_LOCAL = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]*")
"""A path of this server: `//host` and `/\\host` are taken for other hosts by browsers."""
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Attempt:
    """One person on the way to the provider and back."""

    secret: str
    return_to: str
    """The path to go to afterwards."""

    @classmethod
    def new(cls, return_to: str) -> Self:
        """An attempt nobody can foresee; whatever is no path of this server is taken for its root."""
        return cls(secrets.token_urlsafe(32), local_path(return_to))

    @classmethod
    def from_cookie(cls, value: str) -> Self | None:
        """The attempt that a browser began; None when it began none."""
        secret, _, return_to = value.partition(".")
        return cls(secret, local_path(unquote(return_to))) if _SECRET.fullmatch(secret) else None

    @property
    def cookie(self) -> str:
        """For the browser alone."""
        return f"{self.secret}.{quote(self.return_to, safe='')}"

    @property
    def state(self) -> str:
        """Comes back with the answer (RFC 6749, 10.12)."""
        return self._derived("state")

    @property
    def nonce(self) -> str:
        """Stands in the ID token (OpenID Connect Core, 3.1.2.1)."""
        return self._derived("nonce")

    @property
    def verifier(self) -> str:
        """Proves that who asks for the token is who left for it (RFC 7636, 4.1)."""
        return self._derived("verifier")

    def is_answered_by(self, state: str) -> bool:
        """Whether an answer is to this attempt."""
        return hmac.compare_digest(state.encode(), self.state.encode())

    def _derived(self, use: str) -> str:
        digest = hmac.new(self.secret.encode(), f"diarist/sign-in/{use}".encode(), hashlib.sha256).digest()
        return urlsafe_b64encode(digest).rstrip(b"=").decode()


def local_path(given: str) -> str:
    """A path of this server, and of no other."""
    return given if len(given) <= _LONGEST and _LOCAL.fullmatch(given) else "/"
