"""Takes the steps of flows, over httpx: at once and in this thread, or on an event loop. All else is decided in the flows."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import anyio
import httpx
from anyio import to_thread

from diarist.client.problems import is_error
from diarist.client.retrying import Retries, retrying
from diarist.client.steps import Flow, Give, Items, Load, Open, Read, Send, Sleep, Step, T
from diarist.client.transport import answer_of, built, translated
from diarist.client.walk import Walk
from diarist.errors import DiaristError


class Session:
    """Runs flows in the thread that asks."""

    def __init__(self, http: httpx.Client, retries: Retries) -> None:
        self._http, self._retries = http, retries

    def run(self, flow: Flow[T]) -> T:
        """To its end; raises `DiaristError`."""
        taking = _Taking(self._http)
        try:
            with Walk(retrying(flow, self._retries)) as walk:
                while walk.step is not None:
                    taking.take(walk.step, walk)
                return walk.result
        finally:
            taking.close()

    def iterate(self, flow: Items) -> Iterator[Any]:
        """Item after item; whoever ends early closes what is open."""
        taking = _Taking(self._http)
        try:
            with Walk(retrying(flow, self._retries)) as walk:
                while walk.step is not None:
                    if isinstance(walk.step, Give):
                        yield walk.step.item
                        walk.go_on(None)
                    else:
                        taking.take(walk.step, walk)
        finally:
            taking.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


class AsyncSession:
    """Runs flows on the event loop of whoever awaits them."""

    def __init__(self, http: httpx.AsyncClient, retries: Retries) -> None:
        self._http, self._retries = http, retries

    async def run(self, flow: Flow[T]) -> T:
        """To its end; raises `DiaristError`."""
        taking = _AsyncTaking(self._http)
        try:
            with Walk(retrying(flow, self._retries)) as walk:
                while walk.step is not None:
                    await taking.take(walk.step, walk)
                return walk.result
        finally:
            await taking.close()

    async def iterate(self, flow: Items) -> AsyncIterator[Any]:
        """Item after item; whoever ends early closes what is open."""
        taking = _AsyncTaking(self._http)
        try:
            with Walk(retrying(flow, self._retries)) as walk:
                while walk.step is not None:
                    if isinstance(walk.step, Give):
                        yield walk.step.item
                        walk.go_on(None)
                    else:
                        await taking.take(walk.step, walk)
        finally:
            await taking.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()


class _Taking:
    """The steps of one flow, and what it has open."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http
        self._open: httpx.Response | None = None
        self._pieces: Iterator[bytes] = iter(())

    def take(self, step: Step, walk: Walk[Any]) -> None:
        try:
            with translated(self._http):
                came = self._do(step)
        except DiaristError as error:
            walk.fail(error)
        else:
            walk.go_on(came)

    def _do(self, step: Step) -> object:
        match step:
            case Send(request):
                response = self._http.send(built(self._http, request))
                return answer_of(response, response.content)
            case Open(request):
                self.close()
                self._open = self._http.send(built(self._http, request), stream=True)
                self._pieces = self._open.iter_bytes()
                answer = answer_of(self._open)
                return answer_of(self._open, self._open.read()) if is_error(answer) else answer
            case Read():
                return next(self._pieces, b"")
            case Sleep(seconds):
                time.sleep(seconds)
                return None
            case Load(source, size):
                return source.read(size)
            case _:
                raise TypeError(step)

    def close(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None


class _AsyncTaking:
    """The steps of one flow, and what it has open."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self._open: httpx.Response | None = None
        self._pieces: AsyncIterator[bytes] | None = None

    async def take(self, step: Step, walk: Walk[Any]) -> None:
        try:
            with translated(self._http):
                came = await self._do(step)
        except DiaristError as error:
            walk.fail(error)
        else:
            walk.go_on(came)

    async def _do(self, step: Step) -> object:
        match step:
            case Send(request):
                response = await self._http.send(built(self._http, request))
                return answer_of(response, response.content)
            case Open(request):
                await self.close()
                self._open = await self._http.send(built(self._http, request), stream=True)
                self._pieces = self._open.aiter_bytes()
                answer = answer_of(self._open)
                return answer_of(self._open, await self._open.aread()) if is_error(answer) else answer
            case Read():
                return b"" if self._pieces is None else await anext(self._pieces, b"")
            case Sleep(seconds):
                await anyio.sleep(seconds)
                return None
            case Load(source, size):
                return await to_thread.run_sync(source.read, size)
            case _:
                raise TypeError(step)

    async def close(self) -> None:
        if self._open is not None:
            await self._open.aclose()
            self._open = None
