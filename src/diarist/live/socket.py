"""One WebSocket: its subscriptions, each followed by a task of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from uuid import UUID

import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from diarist.errors import DiaristError, LimitReached
from diarist.http.errors import MalformedRequest
from diarist.jobs.repository import get_job
from diarist.live.current import position
from diarist.live.feed import Feed
from diarist.live.following import Following
from diarist.live.messages import Ping, Said, Subscribe, Unsubscribe, answer, name_of, refusal, understood

MOST = 50
"""Subscriptions of one connection."""
SHOWN_OUT = 1008
"""Close code "policy violation" (RFC 6455, 7.4.1): the key or the session is not valid any more."""
COME_BACK = 1012
"""Close code "service restart" (registry of RFC 6455): connect again."""

log = structlog.get_logger(__name__)


class Socket:
    """Talks until either side has enough."""

    def __init__(self, socket: WebSocket, feed: Feed, account_id: UUID, hang_up: Callable[[], None]) -> None:
        """The socket is accepted; `hang_up` ends it when its reader does not read."""
        self._socket, self._feed, self._account_id, self._hang_up = socket, feed, account_id, hang_up
        self._followed: dict[str, tuple[Following, asyncio.Task[None]]] = {}
        self._leaving: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Until it is closed."""
        try:
            while True:
                try:
                    await self._heed(understood(await self._heard()))
                except DiaristError as error:
                    await self._socket.send_text(refusal(error))
        except WebSocketDisconnect:
            log.debug("socket.closed")
        finally:
            tasks = [task for _, task in self._followed.values()] + ([self._leaving] if self._leaving else [])
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def show_out(self) -> None:
        """Close it: whoever is connected may not be there any more."""
        for following, _ in self._followed.values():
            following.stop()
        self._leaving = self._leaving or asyncio.create_task(self._close(SHOWN_OUT, "not valid any more"))

    async def _heard(self) -> str:
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1006))
        text = message.get("text")
        if text is None:
            raise MalformedRequest("bytes are not understood", advice="Send text.")
        return str(text)

    async def _heed(self, said: Said) -> None:
        match said:
            case Ping():
                await self._socket.send_text(answer("pong"))
            case Unsubscribe():
                await self._unsubscribe(name_of(said.job_id))
            case Subscribe():
                try:
                    await self._subscribe(said)
                except DiaristError as error:
                    await self._socket.send_text(refusal(error, name_of(said.job_id)))

    async def _subscribe(self, said: Subscribe) -> None:
        name = name_of(said.job_id)
        if said.job_id is not None:
            async with self._feed.runtime.database.look() as session:
                await get_job(session, self._account_id, said.job_id)
        await self._unfollow(name)
        if len(self._followed) >= MOST:
            raise LimitReached(
                f"a connection follows at most {MOST} at once", advice="Subscribe to all, or unsubscribe from some."
            )
        await self._feed.ready()
        following = Following(self._feed, self._account_id, job_id=said.job_id, after=position(said.last_event_id))
        self._followed[name] = (following, asyncio.create_task(self._follow(name, following)))

    async def _unsubscribe(self, name: str) -> None:
        await self._unfollow(name)
        await self._socket.send_text(answer("unsubscribed", name))

    async def _unfollow(self, name: str) -> None:
        followed = self._followed.pop(name, None)
        if followed is not None:
            followed[1].cancel()
            await asyncio.gather(followed[1], return_exceptions=True)

    async def _follow(self, name: str, following: Following) -> None:
        label = f'{{"subscription":"{name}",'.encode()
        try:
            with following.listening(self._hang_up):
                await self._socket.send_text(answer("subscribed", name))
                async for messages in following:
                    for message in messages:
                        await self._socket.send_text((label + message.json[1:]).decode())
            if self._leaving is not None:
                return
            if self._feed.ending or following.expired:
                await self._close()
            else:
                await self._socket.send_text(answer("unsubscribed", name))
        except DiaristError as error:
            await self._socket.send_text(refusal(error, name))
        except WebSocketDisconnect:
            log.debug("socket.gone")
        finally:
            if (found := self._followed.get(name)) is not None and found[0] is following:
                del self._followed[name]

    async def _close(self, code: int = COME_BACK, reason: str = "connect again") -> None:
        if self._socket.application_state is WebSocketState.CONNECTED:
            await self._socket.close(code, reason)
