"""Keeps the logging of the process that tests run in."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import structlog


@contextmanager
def logging_as_before() -> Iterator[None]:
    """A command sets logging up for its process, which is ours here."""
    root = logging.getLogger()
    config, level, handlers = structlog.get_config(), root.level, root.handlers[:]
    try:
        yield
    finally:
        structlog.configure(**config)
        root.setLevel(level)
        root.handlers[:] = handlers
