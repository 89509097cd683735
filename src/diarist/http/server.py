"""Runs an app on a socket until the process is told to end."""

from __future__ import annotations

import errno
import signal
import socket
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from diarist.errors import Conflict, Misconfigured

GRACE = 3
"""Seconds that requests have to end, once the process is told to."""


class PortInUse(Conflict):
    """Another program listens on this port."""

    code = "port_in_use"
    advice = "Is Diarist already up? Otherwise choose another port with DIARIST_HTTP__PORT."


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
        app, http="h11", loop="asyncio", ws="none", lifespan="on", proxy_headers=False, server_header=False,
        log_config=None, log_level="warning", access_log=False, timeout_graceful_shutdown=grace,
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
        await super().startup(sockets)
        for listener in sockets or ():
            host, port, *_ = listener.getsockname()
            self._announce(f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}")


class _Deaf(_Announced):
    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
