"""Runs an app on a socket until the process is told to end."""

from __future__ import annotations

import asyncio
import errno
import signal
import socket
import struct
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from diarist.errors import Conflict, Misconfigured
from diarist.http.unreadable import ToldProtocol

MESSAGE = 64 * 1024
"""Bytes that a client may send at once by WebSocket."""
GRACE = 3
"""Seconds that requests have to end, once the process is told to."""


KEEP_ALIVE = 75
"""Seconds that a connection stays open without a request.

Longer than clients and load balancers keep one that they do not use, mostly 60: whoever closes first must not be the server, or a
request may be on its way to a closed connection, and nobody dares to send one that changes something again.
"""

_NO_LINGERING = struct.pack("ii", 1, 0)
_LAST_WORDS = 0.1
"""Seconds in which streams say that the server ends."""


class PortInUse(Conflict):
    """Another program listens on this port."""

    code = "port_in_use"
    advice = "Is Diarist already up? Otherwise choose another port with DIARIST_HTTP__PORT."


HangUp = Callable[[tuple[str, int]], None]
"""Ends the connection with a client's address at once, whatever is still to be sent to it.

The state of the app has it as `hang_up`. If its lifespan puts `on_ending` there, that is called when the server begins to end.
"""


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens, on any free port when `port` is 0. Raises `PortInUse` or `Misconfigured`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host.strip("[]"), port), family=family)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortInUse(f"another program listens on {host}:{port}") from error
        raise Misconfigured(
            f"cannot listen on {host}:{port}: {error.strerror}",
            advice="Choose another address with DIARIST_HTTP__HOST and DIARIST_HTTP__PORT; ports below 1024 need privileges.",
        ) from error
    with listener:
        yield listener


@contextmanager
def until_told_to_end() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end the block early but in order; in the main thread only."""
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    except KeyboardInterrupt:
        pass
    finally:
        signal.signal(signal.SIGTERM, before)


def new_server(
    app: ASGIApp, announce: Callable[[str], None], *, grace: int = GRACE, heeds_signals: bool = True
) -> uvicorn.Server:
    """A server for one listening socket; `announce` is called with its address once requests are answered.

    `grace`: seconds that requests have to end. Without `heeds_signals` somebody else sets `should_exit`.
    """
    config = uvicorn.Config(
        app, http=ToldProtocol, ws="websockets-sansio", ws_max_size=MESSAGE, ws_per_message_deflate=False, loop="asyncio",
        lifespan="on", proxy_headers=False, server_header=False, log_config=None, log_level="warning", access_log=False,
        timeout_graceful_shutdown=grace, timeout_keep_alive=KEEP_ALIVE,
    )  # fmt: skip
    return (_Announced if heeds_signals else _Deaf)(config, announce)


@contextmanager
def served_beside(app: ASGIApp, listener: socket.socket) -> Iterator[None]:
    """Serve an app from a thread and an event loop of its own, until the block ends."""
    server = new_server(app, lambda _: None, grace=1, heeds_signals=False)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="private port", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


class _Announced(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, announce: Callable[[str], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._state["hang_up"] = self._hang_up
        await super().startup(sockets)
        for listener in sockets or ():
            host, port, *_ = listener.getsockname()
            self._announce(f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}")

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        on_ending: Callable[[], None] | None = self._state.get("on_ending")
        if on_ending is not None:
            on_ending()
            await asyncio.sleep(_LAST_WORDS)
        await super().shutdown(sockets)

    @property
    def _state(self) -> dict[str, Any]:
        state: dict[str, Any] = self.lifespan.state
        return state

    def _hang_up(self, address: tuple[str, int]) -> None:
        for connection in list(self.server_state.connections):
            if getattr(connection, "client", None) == address:
                # Otherwise the system goes on for minutes to offer what was sent to somebody who does not read.
                connection.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGERING)
                connection.transport.abort()


class _Deaf(_Announced):
    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
