"""What goes on beside the work in every worker: orphans are swept, uploads carried on, old originals re-encoded."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from diarist.errors import Unavailable
from diarist.events.sweeping import sweep_events
from diarist.failures.failure import Context, FailureKind
from diarist.recordings.archive import archive_next
from diarist.recordings.orphans import sweep_orphans
from diarist.recordings.uploads.sweeping import sweep_uploads
from diarist.runtime import Runtime

INTERVAL = 30.0
"""Seconds between looks; each look is one short statement when there is nothing to do."""

log = structlog.get_logger(__name__)


async def keep_tidy(runtime: Runtime, *, archive: bool) -> None:
    """Go on until cancelled; `archive`: also re-encode, which takes a processor for a while."""
    chores: list[Callable[[Runtime], Awaitable[object]]] = [sweep_uploads, sweep_orphans, _sweep_events]
    if archive:
        chores.append(archive_next)
    while True:
        for chore in chores:
            try:
                await chore(runtime)
            except Unavailable as error:
                log.warning("tidying.postponed", chore=chore.__name__, error=error.code)
                _note(runtime, error, chore.__name__)
            except Exception as error:
                # Whatever it was, the other chores must go on.
                log.exception("tidying.failed", chore=chore.__name__)
                _note(runtime, error, chore.__name__)
        await asyncio.sleep(INTERVAL)


def _note(runtime: Runtime, error: Exception, chore: str) -> None:
    runtime.failures.note(error, FailureKind.CHORE, Context(place=chore.strip("_")))


async def _sweep_events(runtime: Runtime) -> None:
    await sweep_events(runtime.database, runtime.settings.events)
