"""Carries on where a process died: whole uploads become recordings, expired ones go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import ColumnElement, and_, or_, select

from diarist.database.base import utc_now
from diarist.database.clock import database_now
from diarist.errors import DiaristError
from diarist.http.idempotency_store import sweep_keys
from diarist.recordings.uploads import repository
from diarist.recordings.uploads.completion import complete
from diarist.recordings.uploads.models import UploadKind, UploadRow, UploadState
from diarist.recordings.uploads.receiving import expiry
from diarist.recordings.uploads.service import delete_gone
from diarist.runtime import Runtime

SPARED = timedelta(seconds=30)
"""Whoever sent the last byte completes the upload; only after this long we do."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SweptUploads:
    """What a sweep has done."""

    recorded: int
    """Uploads of which recordings were made."""
    deleted: int
    answers: int = 0
    """Answers to repeated requests that need not be kept any longer."""


async def sweep_uploads(runtime: Runtime, limit: int = 100) -> SweptUploads:
    """Go through at most `limit` uploads of each kind; safe in several processes at once, and after a crash at any point."""
    recorded, deleted = await _complete_whole(runtime, limit), await _delete_expired(runtime, limit)
    swept = SweptUploads(recorded, deleted, await sweep_keys(runtime.database))
    if swept != SweptUploads(0, 0):
        log.info("uploads.swept", recorded=recorded, deleted=deleted, answers=swept.answers)
    return swept


async def _complete_whole(runtime: Runtime, limit: int) -> int:
    untouched = UploadRow.expires_at < utc_now() + expiry(runtime) - SPARED
    whole = and_(UploadRow.state == UploadState.WHOLE, UploadRow.kind != UploadKind.PART)
    recorded = 0
    for upload in await _some(runtime, and_(whole, untouched), limit):
        try:
            recorded += (await complete(runtime, upload)).state is UploadState.RECORDED
        except DiaristError as error:
            # Refused for good, or to be tried again in the next sweep; in neither case the others must wait.
            log.warning("upload.not_completed", upload_id=str(upload.id), code=error.code, reason=error.message)
    return recorded


async def _delete_expired(runtime: Runtime, limit: int) -> int:
    # A whole upload never expires: it was acknowledged. A part becomes nothing by itself; a joined one goes with the whole.
    ended = UploadRow.state.in_((UploadState.OPEN, UploadState.REFUSED, UploadState.RECORDED))
    part = and_(UploadRow.state == UploadState.WHOLE, UploadRow.kind == UploadKind.PART)
    expired = and_(UploadRow.expires_at < utc_now(), or_(ended, part))
    deleted = 0
    for upload in await _some(runtime, or_(expired, UploadRow.state == UploadState.GONE), limit):
        async with runtime.database.write() as session:
            gone = await repository.mark_gone(session, upload.id, or_(expired, UploadRow.state == UploadState.GONE))
        if gone:
            await delete_gone(runtime, upload)
            deleted += 1
    return deleted


async def _some(runtime: Runtime, condition: ColumnElement[bool], limit: int) -> Sequence[UploadRow]:
    """Those of these that no replica is at; what failed in a sweep was touched by it, and so comes last in the next."""
    free = or_(UploadRow.lease_until.is_(None), UploadRow.lease_until < database_now())
    statement = select(UploadRow).where(condition, free).order_by(UploadRow.expires_at).limit(limit)
    async with runtime.database.read() as session:
        return (await session.scalars(statement)).all()
