"""Who is let in by a process that does everything on its own machine."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from diarist.accounts.door import AccountDoor
from diarist.accounts.service import account_id
from diarist.http.authentication import Door
from diarist.http.hosts import only_for_this_machine
from diarist.runtime import Runtime


@asynccontextmanager
async def local_door(runtime: Runtime) -> AsyncIterator[Door]:
    """Nobody needs a key where only programs of this machine are answered, unless the settings say so."""
    http, keyless = runtime.settings.http, None
    if only_for_this_machine(http) and not http.require_key:
        async with runtime.database.read() as session:
            keyless = await account_id(session)
    async with AccountDoor.open(runtime.database, keyless=keyless) as door:
        yield door
