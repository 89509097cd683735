"""What every request of an API receives, whichever role answers it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from diarist.live.feed import Feed
from diarist.live.waiting import Waits
from diarist.recordings.repository import durations
from diarist.runtime import Runtime
from diarist.services.door import open_door
from diarist.services.readiness import broker, stores


@asynccontextmanager
async def received(runtime: Runtime, *, alone: bool) -> AsyncIterator[dict[str, Any]]:
    """The state of requests, open until the API ends; `alone`: whether the process is the whole installation."""
    async with open_door(runtime, alone=alone) as door, Feed.open(runtime) as feed:
        yield {
            "runtime": runtime,
            "failures": runtime.failures,
            **door,
            "durations": durations,
            "feed": feed,
            "waits": Waits(feed),
            "on_ending": feed.end,
            "readiness": stores(runtime),
            # Without Redis uploads are still taken in, and read; the sweepers ring for them later.
            "beneficial": broker(runtime.settings.broker.url),
        }
