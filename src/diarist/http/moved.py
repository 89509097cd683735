"""Counts the bytes that are received from callers and sent to them, for whoever wants to know what the network costs."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Counts(Protocol):
    """Keeps sums for accounts."""

    def moved(self, account_id: UUID, *, bytes_in: int, bytes_out: int) -> None:
        """So much was received from an account, and sent to it."""


class CountMoved:
    """Behind what finds out who asks; the state of the app holds the `traffic`. Headers are not counted."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        state = scope.get("state", {})
        traffic: Counts | None = state.get("traffic")
        if traffic is None or "caller" not in state:
            await self._app(scope, receive, send)
            return
        bytes_in = bytes_out = 0

        async def received() -> Message:
            nonlocal bytes_in
            message = await receive()
            bytes_in += _length(message)
            return message

        async def sent(message: Message) -> None:
            nonlocal bytes_out
            bytes_out += _length(message)
            await send(message)

        try:
            await self._app(scope, received, sent)
        finally:
            if bytes_in or bytes_out:
                traffic.moved(state["caller"].account_id, bytes_in=bytes_in, bytes_out=bytes_out)


def _length(message: Message) -> int:
    """Of a body or a message of a WebSocket; texts count their characters, which in other scripts is too little."""
    return len(message.get("body") or message.get("bytes") or message.get("text") or b"")
