"""Begins to tell a Sentry of errors, where the settings name one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from diarist.errors import Misconfigured
from diarist.failures.noting import Told
from diarist.settings.telemetry import TelemetrySettings


@asynccontextmanager
async def open_sentry(settings: TelemetrySettings) -> AsyncIterator[Told | None]:
    """Whoever tells it, until the block ends; None where there is none. Raises `Misconfigured`."""
    dsn = settings.sentry_dsn.get_secret_value()
    if not dsn:
        yield None
        return
    try:
        from diarist.failures.sentry import Sentry
    except ImportError as error:
        raise Misconfigured(
            "a Sentry is to be told of errors, but what tells it is not installed",
            advice="`pip install 'diarist[sentry]'` brings it; or unset DIARIST_TELEMETRY__SENTRY_DSN.",
        ) from error
    sentry = Sentry(dsn)
    try:
        yield sentry.tell
    finally:
        await asyncio.to_thread(sentry.close)
