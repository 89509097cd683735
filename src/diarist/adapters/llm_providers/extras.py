"""Says which extra brings what is not installed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from diarist.errors import Misconfigured


@contextmanager
def needing(extra: str) -> Iterator[None]:
    """Turn an import that fails into `Misconfigured`."""
    try:
        yield
    except ImportError as error:
        raise Misconfigured(
            f"a language model is configured whose library is not installed: {error.name or error}",
            advice=f"`pip install 'diarist[{extra}]'` brings it.",
        ) from error
