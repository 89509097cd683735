"""What a live route receives of its service and of its server."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Annotated

from fastapi import Depends, Header
from starlette.requests import HTTPConnection

from diarist.domain.access import Caller, Permission
from diarist.errors import InvalidInput
from diarist.http.authentication import Credentials, Door
from diarist.http.server import HangUp
from diarist.live.feed import Feed
from diarist.live.guard import Guest

LARGEST = 2**63 - 1
_DIGITS = len(str(LARGEST))


def current_feed(connection: HTTPConnection) -> Feed:
    """That of the process."""
    feed: Feed = connection.state.feed
    return feed


def hang_up(connection: HTTPConnection) -> Callable[[], None]:
    """How to end this very connection when its reader does not read; without a server that can, nothing happens."""
    how: HangUp | None = getattr(connection.state, "hang_up", None)
    address = connection.scope.get("client")
    return partial(how, tuple(address)) if how is not None and address is not None else lambda: None


def watched(connection: HTTPConnection, feed: Feed, show_out: Callable[[], None]) -> AbstractContextManager[None]:
    """While it is open, whoever is connected is shown out when they may not be there any more."""
    door: Door = connection.state.door
    credentials: Credentials = connection.state.credentials
    caller: Caller = connection.state.caller

    async def admitted() -> bool:
        door.forget(credentials)
        found = await door.caller(credentials)
        return found is not None and found.account_id == caller.account_id and Permission.READ in found.permissions

    return feed.guard.watching(Guest(caller=caller, admitted=admitted, show_out=show_out))


def position(last_event_id: str | None) -> int | None:
    """The position that a reader says it has come to; raises `InvalidInput`."""
    if not last_event_id:
        return None
    if len(last_event_id) > _DIGITS or not (last_event_id.isascii() and last_event_id.isdigit()) or int(last_event_id) > LARGEST:
        raise InvalidInput(
            "the id is not that of an event of this stream", advice="Send the last `id` that the stream told, as it was, or none."
        )
    return int(last_event_id)


def last_position(
    last_event_id: Annotated[
        str,
        Header(
            max_length=19,
            pattern=r"^[0-9]*$",
            description="The newest `id` that was seen, which browsers send by themselves: what came after it is told first.",
        ),
    ] = "",
) -> int | None:
    """Where the reader goes on; None for one that begins."""
    return position(last_event_id)


CurrentFeed = Annotated[Feed, Depends(current_feed)]
LastPosition = Annotated[int | None, Depends(last_position)]
