"""What a request needs its caller to be allowed, told from its method and path alone: before anything of it is read."""

from __future__ import annotations

import re

from diarist.domain.access import Permission

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods by which nothing is changed (RFC 9110, 9.2.1)."""
_READING = frozenset({"GET", "HEAD"})
_PUBLIC = re.compile(r"/health/.*|/docs(/.*)?|/openapi\.json|/auth/.*")
"""What tells nothing of anybody."""
_MANAGED = re.compile(r"/v1/(keys|users|subscriptions|errors)(/.*)?")
_ADDING = re.compile(r"/v1/(tus|uploads|recordings/imports|recordings/uploads)(/.*)?")
_ACCOUNT = "/v1/account"
"""Which everybody may look at, and who manages it changes."""
_OWN = "/v1/session"
"""What everybody may ask who is let in."""
_ADDED_TO = frozenset(
    {"/v1/recordings", "/v1/audio/transcriptions", "/v1/audio/translations", "/asr", "/detect-language", "/v1/listen"}
)
"""Paths to which recordings are posted; whoever waits for the text of what he gives there is shown that alone."""


def needed(method: str, path: str) -> Permission | None:
    """The permission, or None for what anybody may ask. A path that nobody knows yet is guarded like all others.

    `path`: of a request, or of a route with its parameters in braces. A WebSocket is asked for by GET.
    """
    if method == "OPTIONS" or _PUBLIC.fullmatch(path):
        return None
    if path == _OWN:
        return Permission.READ
    if _MANAGED.fullmatch(path) or (path == _ACCOUNT and method not in _READING):
        return Permission.MANAGE
    if _ADDING.fullmatch(path) or (method == "POST" and path in _ADDED_TO):
        return Permission.ADD
    return Permission.READ if method in _READING else Permission.EDIT
