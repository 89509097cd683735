"""One address before the members of a role, as a load balancer is: every new connection goes to the next one that is ready."""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import suppress

import httpx

from upgrade.members import Member

_LOOK = 0.25
"""Seconds between two looks at who is ready; well within the time that an API goes on answering after SIGTERM."""
_BYTES = 1 << 16


class Front:
    """Listens on a port of 127.0.0.1 that stays the same."""

    def __init__(self, role: str, members: list[Member]) -> None:
        """`members`: those of the role that there are, whoever comes and goes."""
        self._role, self._members = role, members
        self.turned_away = 0
        """Connections for which nobody was ready."""
        self._ready: list[Member] = []
        self._turn = 0
        self._lines: set[asyncio.Task[None] | None] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="front", daemon=True)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def start(self) -> None:
        """Begin to look, and to pass on."""
        self._thread.start()
        self._do(self._begin())

    def close(self) -> None:
        """Cut everything and end."""
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def serves(self, role: str) -> bool:
        """Whether members of a role stand behind it."""
        return role == self._role

    def knows(self, member: Member) -> bool:
        """Whether it sends anybody there."""
        return member in self._ready

    def _do(self, what: object) -> None:
        asyncio.run_coroutine_threadsafe(what, self._loop).result(10)  # type: ignore[arg-type]  # a coroutine of ours

    async def _begin(self) -> None:
        self._looking = asyncio.create_task(self._look())
        self._server = await asyncio.start_server(self._connected, sock=self._listener, limit=_BYTES)

    async def _end(self) -> None:
        self._server.close()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _look(self) -> None:
        async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
            while True:
                members = list(self._members)
                found = await asyncio.gather(*(_is_ready(client, member) for member in members))
                self._ready = [member for member, ready in zip(members, found, strict=True) if ready]
                await asyncio.sleep(_LOOK)

    async def _connected(self, near_in: asyncio.StreamReader, near_out: asyncio.StreamWriter) -> None:
        line = asyncio.current_task()
        # The loop itself holds tasks loosely: one whose two ends wait for each other would be swept away as garbage.
        self._lines.add(line)
        try:
            with suppress(OSError, asyncio.CancelledError):
                far = await self._reach()
                if far is None:
                    self.turned_away += 1
                else:
                    await _carry((near_in, near_out), far)
                near_out.close()
                await near_out.wait_closed()
        finally:
            self._lines.discard(line)

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        """A connection with the next that is ready, or with one behind it where that one has just gone."""
        for _ in range(len(self._ready)):
            self._turn += 1
            member = self._ready[self._turn % len(self._ready)]
            with suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", member.public, limit=_BYTES)
        return None


async def _is_ready(client: httpx.AsyncClient, member: Member) -> bool:
    try:
        return (await client.get(f"http://127.0.0.1:{member.private}/health/ready")).is_success
    except httpx.HTTPError:
        return False


async def _carry(
    near: tuple[asyncio.StreamReader, asyncio.StreamWriter], far: tuple[asyncio.StreamReader, asyncio.StreamWriter]
) -> None:
    """Carry bytes both ways until both ends have said all."""
    halves = [asyncio.create_task(_pass(near[0], far[1])), asyncio.create_task(_pass(far[0], near[1]))]
    try:
        # Whoever answers has the last word: when it is said, nobody waits for more of the question.
        await halves[1]
    finally:
        for half in halves:
            half.cancel()
        await asyncio.gather(*halves, return_exceptions=True)
        far[1].transport.abort()


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(_BYTES):
            writer.write(data)
            await writer.drain()
        writer.write_eof()
