"""Adds recordings by the same code as the API until so many are unfinished, and goes on so until SIGTERM.

Usage: control_plane_load.py UNFINISHED SECONDS-OF-A-RECORDING
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

sys.path[:0] = [str(Path(__file__).resolve().parent)]

import psycopg  # noqa: E402
from control_plane_parts import recording, scripted_runtime  # noqa: E402

from diarist.accounts.service import add_account  # noqa: E402
from diarist.queue.broker import open_bells  # noqa: E402
from diarist.recordings.service import add_recording  # noqa: E402
from diarist.runtime import Runtime  # noqa: E402
from diarist.settings import load_settings  # noqa: E402
from diarist.telemetry.logging import configure_logging  # noqa: E402

ACCOUNTS = 10
LOOK = 0.2
"""Seconds between two looks at how many are unfinished."""


async def main(unfinished: int, seconds: float) -> None:
    """Keep the fleet in work."""
    settings = load_settings()
    configure_logging(settings.log)
    bells = open_bells(settings.broker.url, lambda _: None, ())
    bells.start()
    try:
        async with (
            scripted_runtime(settings, bells.ring) as runtime,
            await psycopg.AsyncConnection.connect(os.environ["WATCH_URL"], autocommit=True) as watch,
        ):
            async with runtime.database.write() as session:
                accounts = [(await add_account(session, f"load-{os.getpid()}-{number}")).id for number in range(ACCOUNTS)]
            number = 0
            while True:
                row = await (await watch.execute("SELECT count(*) FROM jobs WHERE state IN ('queued', 'running')")).fetchone()
                for _ in range(unfinished - (row[0] if row else 0)):
                    await _add(runtime, accounts[number % ACCOUNTS], number, seconds)
                    number += 1
                await asyncio.sleep(LOOK)
    finally:
        bells.stop()


async def _add(runtime: Runtime, account_id: UUID, number: int, seconds: float) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield recording(seconds, os.urandom(16))

    await add_recording(runtime, account_id, f"{number}.wav", pieces())


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))
