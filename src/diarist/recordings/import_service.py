"""Rules of imports: a recording is fetched from an address and taken in as an upload is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from uuid import UUID

from diarist.domain.hints import NO_HINTS, Hints
from diarist.domain.job import JobPriority
from diarist.errors import NotAllowed
from diarist.recordings.service import Added, add_recording
from diarist.runtime import Runtime


def _nobody_looks(_fraction: float | None) -> None:
    pass


async def import_recording(
    runtime: Runtime,
    account_id: UUID,
    url: str,
    filename: str | None = None,
    *,
    priority: JobPriority = JobPriority.NORMAL,
    hints: Hints = NO_HINTS,
    on_progress: Callable[[float | None], None] = _nobody_looks,
) -> Added:
    """Fetch what is at `url`, take it in and begin its job; without `filename` it has the name that its host gives it.

    `on_progress` gets the fraction that has arrived, None while it cannot be told. Raises what `add_recording` raises,
    `NotAllowed`, `AddressRefused`, `NotGiven`, `SourceUnreachable`, `SourceTooSlow`; then nothing is stored.
    """
    from diarist.recordings.fetching.download import Download, download

    async def watched(found: Download) -> AsyncIterator[bytes]:
        done = 0
        async for piece in found.pieces:
            done += len(piece)
            on_progress(min(1.0, done / found.size_bytes) if found.size_bytes else None)
            yield piece

    settings = runtime.settings
    if not settings.imports.enabled:
        raise NotAllowed("nothing is imported from addresses here", advice="Set DIARIST_IMPORTS__ENABLED to true to allow it.")
    async with download(url, settings.imports, settings.http.max_upload_bytes) as found:
        name = filename or found.filename
        return await add_recording(runtime, account_id, name, watched(found), priority=priority, hints=hints, protocol="url")
