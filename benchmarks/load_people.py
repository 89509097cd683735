"""The people who use the fleet under load: accounts with keys, and with recordings that were heard long ago."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from control_plane_parts import recording, scripted_runtime

from diarist.accounts.keys.service import create_key
from diarist.accounts.service import add_account
from diarist.domain.access import SCOPES
from diarist.domain.job import JobState
from diarist.jobs.models import JobRow
from diarist.queue.broker import open_bells
from diarist.recordings.service import add_recording
from diarist.runtime import Runtime
from diarist.settings import BrokerSettings, DatabaseSettings, Settings, StorageSettings

ACCOUNTS, RECORDINGS, SECONDS = 150, 2, 300.0
"""Recordings of each account, and their length."""
PATIENCE = 180.0
"""Seconds until they are heard, by workers that make the words up."""


@dataclass(frozen=True, slots=True)
class Account:
    """One account, with the keys of those who share it."""

    identifier: UUID
    keys: tuple[str, ...]
    recordings: tuple[str, ...]
    jobs: tuple[str, ...]


async def settle(database_url: str, broker_url: str, folder: Path, number: int) -> list[Account]:
    """Make accounts for so many people, and wait until workers have heard all that they own."""
    settings = Settings(
        data_dir=folder / "data",
        database=DatabaseSettings(url=database_url),
        broker=BrokerSettings(url=broker_url),
        storage=StorageSettings(url=(folder / "blobs").as_uri()),
    )
    bells = open_bells(broker_url, lambda _: None, ())
    bells.start()
    try:
        async with scripted_runtime(settings, bells.ring) as runtime:
            found = [await _account(runtime, f"people-{at}", -(-number // ACCOUNTS)) for at in range(ACCOUNTS)]
            await _all_heard(runtime)
            return found
    finally:
        bells.stop()


def write(path: Path, accounts: Sequence[Account], writing: str, reading: str) -> None:
    """Tell k6 who they are. Neighbours in the list belong to different accounts, so that the streams do too."""
    shared = [{"recordings": account.recordings, "jobs": account.jobs} for account in accounts]
    people = [
        {"key": account.keys[at], **known}
        for at in range(len(accounts[0].keys))
        for account, known in zip(accounts, shared, strict=True)
    ]
    path.write_text(json.dumps({"addresses": {"writing": writing, "reading": reading}, "people": people}))


async def _account(runtime: Runtime, name: str, people: int) -> Account:
    async with runtime.database.write() as session:
        row = await add_account(session, name)
        keys = [(await create_key(session, row.id, f"person {at}", SCOPES))[1] for at in range(people)]
    added = [await add_recording(runtime, row.id, f"{at}.wav", _sound()) for at in range(RECORDINGS)]
    return Account(row.id, tuple(keys), tuple(str(one.recording.id) for one in added), tuple(str(one.job.id) for one in added))


async def _sound() -> AsyncIterator[bytes]:
    yield recording(SECONDS, os.urandom(16), bytes(8192))


async def _all_heard(runtime: Runtime) -> None:
    from sqlalchemy import func, select

    deadline = time.monotonic() + PATIENCE
    while True:
        async with runtime.database.look() as session:
            left = await session.scalar(select(func.count()).where(JobRow.state != JobState.SUCCEEDED))
        if not left:
            return
        if time.monotonic() > deadline:
            raise TimeoutError(f"{left} recordings of people are not heard after {PATIENCE:.0f} s")
        await asyncio.sleep(0.2)
