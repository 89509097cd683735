"""Connects to the server that DIARIST_API_URL names."""

from __future__ import annotations

import logging

from diarist.client import AsyncClient


def connected() -> AsyncClient:
    """A client to be used as a context; what it has to say of live events is said by commands in their own words."""
    logger = logging.getLogger("diarist.client")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    return AsyncClient()
