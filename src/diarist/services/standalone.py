"""Everything in one process: the API on a loopback port, and all workers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import structlog
from fastapi import FastAPI

from diarist.http.app import new_app
from diarist.http.server import listening, new_server, until_told_to_end
from diarist.notifications.described import webhooks
from diarist.queue.ledger import Ring
from diarist.services.embedded_workers import embedded_workers
from diarist.services.private_port import private_port
from diarist.services.readiness import broker, embedded
from diarist.services.received import received
from diarist.services.routers import SHAPES, everything
from diarist.settings import Settings
from diarist.storage.blobs import Blobs
from diarist.telemetry.metrics import Metrics
from diarist.telemetry.opening import open_tracing
from diarist.wiring import open_runtime, prepare

log = structlog.get_logger(__name__)


def create_app(settings: Settings, ring: Ring, *, blobs: Blobs | None = None, metrics: Metrics | None = None) -> FastAPI:
    """The API over a data directory that is prepared; `ring` tells the workers of new work, `metrics` is where it counts.

    While it runs it has a Runtime of its own, on the server's event loop.
    """
    figures = metrics or Metrics.open("standalone")

    @asynccontextmanager
    async def opened(_: FastAPI) -> AsyncIterator[dict[str, Any]]:
        async with (
            open_runtime(settings, ring, blobs=blobs, metrics=figures) as runtime,
            figures.process.watching("api"),
            received(runtime, alone=True) as state,
        ):
            yield {**state, "readiness": {**state["readiness"], **embedded(settings)}}

    return new_app(settings.http, everything(), opened, figures, SHAPES, webhooks())


def serve(settings: Settings, *, announce: Callable[[str], None] | None = None) -> None:
    """Work and answer until Ctrl-C or SIGTERM; then tasks that run are given back and children killed, within seconds.

    `announce` is called with the server's address once it answers. Raises `PortInUse`, `AlreadyWorking`, `Misconfigured` and
    storage errors. Must be called in the main thread.
    """

    def announced(url: str) -> None:
        log.info("server.listening", url=url)
        if announce is not None:
            announce(url)

    with (
        until_told_to_end(),
        open_tracing(settings.telemetry, "standalone"),
        listening(settings.http.host, settings.http.port) as listener,
    ):
        asyncio.run(prepare(settings))
        # The workers outlive the server: what it has accepted can still be rung for.
        metrics = Metrics.open("standalone")
        with (
            private_port(settings, embedded(settings), broker(settings.broker.url), metrics),
            embedded_workers(settings, metrics=metrics) as ring,
        ):
            new_server(create_app(settings, ring, metrics=metrics), announced).run(sockets=[listener])
    log.info("server.ended")
