"""Live events by WebSocket."""

from __future__ import annotations

from fastapi import APIRouter, WebSocket

from diarist.accounts.current import CurrentAccount
from diarist.live.current import CurrentFeed, hang_up, watched
from diarist.live.socket import Socket

PROTOCOL = "diarist.events.v1"
"""The subprotocol, for those who name one."""

router = APIRouter()


@router.websocket("/v1/ws")
async def talk(websocket: WebSocket, feed: CurrentFeed, account_id: CurrentAccount) -> None:
    """The events of `/v1/events`, by subscription; see docs/how-to/follow-the-work.md for what is said."""
    offered = websocket.scope.get("subprotocols", [])
    await feed.ready()
    await websocket.accept(PROTOCOL if PROTOCOL in offered else None)
    socket = Socket(websocket, feed, account_id, hang_up(websocket))
    with watched(websocket, feed, socket.show_out):
        await socket.run()
