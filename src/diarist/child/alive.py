"""How a child in long work that has no answer yet, such as fetching a model, says that it goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

how_to_tell: ContextVar[Callable[[], None] | None] = ContextVar("how_to_tell", default=None)
"""Sends one sign of life to whoever waits for an answer; None outside a child."""


@contextmanager
def signs_of_life(every: float = 1.0) -> Iterator[None]:
    """Sends one every so many seconds, in a child, so that it is not taken for one that hangs.

    For work that gives up by itself when nothing comes any more. Not round a `yield` of a handler: two would send at once.
    """
    tell = how_to_tell.get()
    if not tell:
        yield
        return
    done = threading.Event()

    def keep_telling() -> None:
        while not done.wait(every):
            tell()

    telling = threading.Thread(target=keep_telling, daemon=True)
    telling.start()
    try:
        yield
    finally:
        done.set()
        telling.join()
