"""Runs one of the APIs of a fleet: it answers and rings, and others do the work."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, nullcontext
from typing import Any

import structlog
from fastapi import FastAPI

from diarist.errors import Unavailable
from diarist.http.app import new_app
from diarist.http.ending import Ending
from diarist.http.freshness import Freshness
from diarist.http.server import listening, new_server, until_told_to_end
from diarist.notifications.described import webhooks
from diarist.queue.broker import RedisBells
from diarist.queue.ledger import Ring
from diarist.runtime import Runtime
from diarist.services import event_loop
from diarist.services.fleet import require_fleet, schema_fits
from diarist.services.garbage import collect_seldom
from diarist.services.private_port import private_port
from diarist.services.readiness import Service, broker
from diarist.services.received import received
from diarist.services.roles import Role
from diarist.services.routers import SHAPES
from diarist.settings import Settings
from diarist.telemetry.metrics import Metrics
from diarist.telemetry.opening import open_tracing
from diarist.wiring import open_runtime

IN_FLIGHT = 20
"""Seconds that requests have to end, once no new ones are accepted."""

log = structlog.get_logger(__name__)


def create_app(role: Role, settings: Settings, ring: Ring, service: Service, metrics: Metrics) -> FastAPI:
    """The role's part of the API, over stores that are there; `ring` tells the workers of new work."""

    @asynccontextmanager
    async def opened(_: FastAPI) -> AsyncIterator[dict[str, Any]]:
        async with (
            open_runtime(settings, ring, metrics=metrics) as runtime,
            metrics.process.watching("api"),
            _freshness(runtime) as freshness,
            received(runtime, alone=False) as state,
        ):
            yield {**state, "freshness": freshness, "readiness": {**state["readiness"], "service": service.check}}

    return new_app(settings.http, role.routers(), opened, metrics, SHAPES, webhooks())


def _freshness(runtime: Runtime) -> AbstractAsyncContextManager[Freshness | None]:
    settings = runtime.settings
    if not settings.database.replica_url:
        return nullcontext()
    return Freshness.open(runtime.database, settings.cache_url, runtime.metrics.redis)


def serve_api(role: Role, chosen: Settings, announce: Callable[[str], None]) -> None:
    """Answer until SIGTERM; then say so, go on answering for a while, and finish what is in flight. In the main thread only.

    `announce` is called with the server's address once it answers. Raises `PortInUse`, `Misconfigured`, `Unavailable`.
    """
    settings, service, metrics = role.with_ports(chosen), Service(), Metrics.open(role.name)
    require_fleet(role, settings)
    with (
        until_told_to_end(),
        open_tracing(settings.telemetry, role.name),
        listening(settings.http.host, settings.http.port) as listener,
        private_port(settings, {"service": service.check}, broker(settings.broker.url), metrics),
        _ringing(settings) as ring,
    ):
        app = create_app(role, settings, ring, service, metrics)
        collect_seldom()
        event_loop.run(_serve(app, settings, listener, service, announce))
    log.info("server.ended", role=role.name)


@contextmanager
def _ringing(settings: Settings) -> Iterator[Ring]:
    bells = RedisBells(settings.broker.url, lambda _: None)
    bells.start()
    try:
        yield bells.ring
    finally:
        bells.stop()


async def _serve(
    app: FastAPI, settings: Settings, listener: socket.socket, service: Service, announce: Callable[[str], None]
) -> None:
    with Ending() as ending:
        if not await schema_fits(settings, ending):
            return

        def answering(url: str) -> None:
            service.begun = True
            log.info("server.listening", url=url)
            announce(url)

        server = new_server(app, answering, grace=IN_FLIGHT, heeds_signals=False)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        if await ending.unless(serving):
            raise Unavailable("the server could not start", advice="The log has the reason.")
        service.draining = True
        log.info("server.draining", seconds=settings.http.drain_seconds)
        await asyncio.sleep(settings.http.drain_seconds)
        server.should_exit = True
        await serving
