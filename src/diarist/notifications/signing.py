"""Secrets and signatures of webhooks (Standard Webhooks 1.0.0, symmetric scheme `v1`); pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence

PREFIX = "whsec_"
_BYTES = 32
"""The standard asks for 24 to 64."""


def new_secret() -> str:
    """A secret nobody has: 256 random bits in base64 behind the prefix of the standard."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def signatures(keys: Sequence[str], message_id: str, timestamp: int, body: bytes) -> str:
    """The value of `webhook-signature`: one signature for each secret, the secret in force first.

    `timestamp`: of this try, seconds since the epoch. Neither it nor the id has a full stop, which parts what is signed.
    """
    signed = b"%s.%d.%s" % (message_id.encode(), timestamp, body)
    digests = (hmac.new(base64.b64decode(key.removeprefix(PREFIX)), signed, hashlib.sha256).digest() for key in keys)
    return " ".join(f"v1,{base64.b64encode(digest).decode()}" for digest in digests)
