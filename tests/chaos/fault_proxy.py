"""A TCP proxy that does to connections what networks do: it delays them, swallows what they carry, and cuts them."""

from __future__ import annotations

import asyncio
import random
import socket
import struct
import threading
from contextlib import suppress
from enum import StrEnum

_BYTES = 1 << 16
_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER for no time: closing sends a reset instead of a goodbye."""


class Way(StrEnum):
    """What happens to bytes."""

    OPEN = "open"
    SLOW = "slow"
    """They come late."""
    HALF_OPEN = "half-open"
    """They go nowhere, and nobody is told: as when the other end, or a firewall between, has lost its memory."""


class FaultProxy:
    """Listens on a port of 127.0.0.1 that stays the same, and passes everything on to another one."""

    def __init__(self, target: int, seed: int) -> None:
        self.target = target
        self.way = Way.OPEN
        self.cut = 0
        """Connections that were cut so far."""
        self._random = random.Random(seed)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=f"proxy of {target}", daemon=True)
        self._lines: set[Line] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    def start(self) -> None:
        """Begin to pass on."""
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._begin(), self._loop).result(10)

    def close(self) -> None:
        """Cut everything and end."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def set(self, way: Way) -> None:
        """From now on; when packets flow again, connections that lost some are reset."""
        self._loop.call_soon_threadsafe(self._set, way)

    def reset(self, share: float = 1.0) -> None:
        """Cut a share of the connections, with a reset at both ends."""
        self._loop.call_soon_threadsafe(self._reset, share)

    def _set(self, way: Way) -> None:
        if self.way is Way.HALF_OPEN and way is not Way.HALF_OPEN:
            self._reset(1.0)
        self.way = way

    def _reset(self, share: float) -> None:
        for line in [line for line in self._lines if self._random.random() < share]:
            line.reset()
            self.cut += 1

    async def delay(self) -> None:
        """As long as a packet takes."""
        if self.way is Way.SLOW:
            await asyncio.sleep(self._random.uniform(0.02, 0.25))

    async def _begin(self) -> None:
        self._server = await asyncio.start_server(self._connected, sock=self._listener, limit=_BYTES)

    async def _end(self) -> None:
        self._server.close()
        self._reset(1.0)
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = Line(self, writer)
        self._lines.add(line)
        try:
            with suppress(OSError, asyncio.CancelledError):
                await line.carry(reader)
        finally:
            self._lines.discard(line)
            line.reset()


class Line:
    """One connection and its other half."""

    def __init__(self, proxy: FaultProxy, near: asyncio.StreamWriter) -> None:
        self._proxy, self._ends = proxy, [near]

    async def carry(self, from_near: asyncio.StreamReader) -> None:
        """Carry bytes both ways until one end is done."""
        while self._proxy.way is Way.HALF_OPEN:
            # It was accepted by this machine; the other one never hears of it.
            await asyncio.sleep(0.1)
        from_far, far = await asyncio.open_connection("127.0.0.1", self._proxy.target, limit=_BYTES)
        self._ends.append(far)
        halves = [asyncio.create_task(self._pass(from_near, far)), asyncio.create_task(self._pass(from_far, self._ends[0]))]
        try:
            await asyncio.wait(halves)
        finally:
            for half in halves:
                half.cancel()
            await asyncio.gather(*halves, return_exceptions=True)

    def reset(self) -> None:
        """Close both ends so that what was on its way is lost."""
        for end in self._ends:
            with suppress(OSError):
                end.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            end.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(_BYTES):
                await self._proxy.delay()
                if self._proxy.way is not Way.HALF_OPEN:
                    writer.write(data)
                    await writer.drain()
            if self._proxy.way is not Way.HALF_OPEN:
                writer.write_eof()
        except OSError:
            self.reset()
