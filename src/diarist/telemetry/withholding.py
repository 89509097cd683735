"""What never comes into a log: secrets, wherever they stand, and the words of errors that may repeat what was said."""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Iterable, Mapping
from typing import Any

from structlog.typing import EventDict, WrappedLogger

from diarist.errors import DiaristError

GONE = "[withheld]"
_DEEPEST = 6

_IN_URLS = "x-(?:amz|goog)-(?:signature|credential|security-token)|sig|token|access_token|code|key"
_LOOKS_SECRET = (
    (re.compile(r"(?i)\b(bearer|basic)\s+[a-z0-9._~+/=-]{6,}"), rf"\1 {GONE}"),
    (re.compile(r"\b(diarist_|sk-|whsec_)[A-Za-z0-9_+/=-]{8,}"), rf"\1{GONE}"),
    (re.compile(r"(://)[^/@\s]*:[^/@\s]*@"), rf"\1{GONE}@"),
    (re.compile(rf"(?i)([?&](?:{_IN_URLS})=)[^&\s]+"), rf"\1{GONE}"),
)  # fmt: skip
_SIGNS = ("bearer", "basic", "diarist_", "sk-", "whsec_", "://", "?", "&")
"""In lower case, of which at least one stands in whatever the patterns find."""

_ABOUT_CODE = (
    AssertionError,
    AttributeError,
    ImportError,
    MemoryError,
    NameError,
    NotImplementedError,
    RecursionError,
    TypeError,
)
"""What these say is about the program; what others say may be a line of somebody's diary that could not be parsed."""


class Withholding:
    """A processor of structlog; the last before the one that renders."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = sorted(secrets, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        if self._is_harmless(event.values()):
            return event
        return {name: self._clean(value) for name, value in event.items()}

    def _is_harmless(self, values: Iterable[Any]) -> bool:
        """Whether one look at all of them together, which most lines need only, finds nothing that could be a secret."""
        texts: list[str] = []
        for value in values:
            if isinstance(value, str):
                texts.append(value)
            elif value is not None and not isinstance(value, int | float):
                return False
        text = "\n".join(texts)
        folded = text.casefold()
        return not any(sign in folded for sign in _SIGNS) and not (self._known and self._known.search(text))

    def _clean(self, value: Any, depth: int = 0) -> Any:
        if isinstance(value, str):
            return self._clean_text(value)
        if depth >= _DEEPEST or value is None or isinstance(value, int | float):
            return value
        if isinstance(value, Mapping):
            return {str(name): self._clean(one, depth + 1) for name, one in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self._clean(one, depth + 1) for one in value]
        return self._clean_text(str(value))

    def _clean_text(self, text: str) -> str:
        if self._known is not None:
            text = self._known.sub(GONE, text)
        for pattern, instead in _LOOKS_SECRET:
            text = pattern.sub(instead, text)
        return text


def tell_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Put where an exception came from in place of the exception: frames and classes, and words only where they are of code."""
    given = event.pop("exc_info", None)
    error = given[1] if isinstance(given, tuple) else given if isinstance(given, BaseException) else None
    if given is True:
        error = sys.exc_info()[1]
    if error is not None:
        event["exception"] = told(error)
    return event


def told(error: BaseException) -> str:
    """An exception and what it came of, the first cause first; no local variables."""
    seen: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and one not in seen:
        seen.append(one)
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return "\n".join(f"{''.join(traceback.format_tb(one.__traceback__))}{_line(one)}" for one in reversed(seen))


def _line(error: BaseException) -> str:
    name = type(error).__qualname__
    if isinstance(error, BaseExceptionGroup):
        return f"{name} of {', '.join(_line(one) for one in error.exceptions)}"
    if isinstance(error, DiaristError):
        return f"{name}: {error.message}"
    if isinstance(error, OSError):
        return f"{name}: {error.strerror or ''}"
    return f"{name}: {error}" if type(error) in _ABOUT_CODE else f"{name}: {GONE}"
