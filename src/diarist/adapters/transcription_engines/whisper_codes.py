"""Whisper's codes of languages where they are not those of ISO 639-1, there and back; pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable

_HEARD_AS = {"jv": "jw", "jw": "jv", "nb": "no", "nn": "no"}
"""What a model may call a language that it does not know by its code: Javanese by an old one, Norwegian whatever its writing."""
_ISO = {"jw": "jv"}


def known_as(language: str, known: Collection[str]) -> str | None:
    """What a model calls a language; None if it does not know it."""
    return next((code for code in (language, _HEARD_AS.get(language)) if code in known), None)


def told(code: str, wanted: Iterable[str], known: Collection[str]) -> str:
    """A model's code in ISO 639-1; of several that it may stand for, the one that was asked for first."""
    asked = next((language for language in wanted if known_as(language, known) == code), code)
    return _ISO.get(asked, asked)
