"""A caller that is cancelled in the moment of the commit leaves a whole recording, or none."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

import make_sample
from diarist.database.session import Database
from diarist.recordings.repository import list_recordings
from diarist.recordings.service import add_recording
from diarist.settings import Settings
from diarist.wiring import open_runtime, prepare

OPUS = make_sample.TEXT.with_suffix(".opus")


class CancelledAtCommit(Database):
    """The cancellation arrives while the commit is on its way to the disk."""

    after_commit = False

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        async with super().write() as session:
            yield session
            if not self.after_commit:
                raise asyncio.CancelledError
        raise asyncio.CancelledError


async def pieces() -> AsyncIterator[bytes]:
    yield OPUS.read_bytes()


def blobs_in(settings: Settings) -> list[Path]:
    return [path for path in (settings.data_dir / "blobs").rglob("*") if path.is_file()]


@pytest.mark.parametrize("after_commit", [False, True])
async def test_bytes_stay_exactly_if_their_row_does(settings: Settings, account_id: UUID, *, after_commit: bool) -> None:
    await prepare(settings)
    async with open_runtime(settings, None) as runtime:
        cancelled = CancelledAtCommit(runtime.database.engine)
        cancelled.after_commit = after_commit
        with pytest.raises(asyncio.CancelledError):
            await add_recording(replace(runtime, database=cancelled), account_id, "memo.opus", pieces())
        async with runtime.database.read() as session:
            rows = await list_recordings(session, account_id, 10)
    assert len(rows) == len(blobs_in(settings)) == int(after_commit)
