"""The private port of a process: its health and its figures, for those who run it and for nobody else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import structlog
from fastapi import FastAPI

from diarist.accounts.door import AccountDoor
from diarist.http.app import private_app
from diarist.http.health import Check
from diarist.http.server import listening, served_beside
from diarist.monitoring.reporter import Reporter
from diarist.services.readiness import stores
from diarist.settings import Settings
from diarist.telemetry.metrics import Metrics
from diarist.telemetry.whole_profile import Profiler
from diarist.wiring import open_runtime

log = structlog.get_logger(__name__)


@contextmanager
def private_port(
    settings: Settings, needed: Mapping[str, Check], beneficial: Mapping[str, Check], metrics: Metrics
) -> Iterator[None]:
    """Serve it, if the settings name one, until the block ends; raises `PortInUse` or `Misconfigured`.

    Ready is who has its stores and what else is `needed`; what is only `beneficial` is told of as well. It has a Runtime of
    its own, so that it answers while everything else is still being opened.
    """
    if settings.http.private_port is None:
        yield
        return

    @asynccontextmanager
    async def opened(_: FastAPI) -> AsyncIterator[dict[str, Any]]:
        async with (
            open_runtime(settings, None, metrics=metrics) as runtime,
            Reporter.open(runtime.database, settings, metrics.shared) as reporter,
            # Whoever asks, from wherever, shows a key.
            AccountDoor.open(runtime.database) as door,
        ):
            yield {
                "readiness": {**stores(runtime), **needed},
                "beneficial": beneficial,
                "metrics": metrics,
                "before_scrape": reporter.refresh,
                "door": door,
                "profiler": Profiler(metrics.children),
            }

    app = private_app(opened, debug=settings.http.debug)
    with listening(settings.http.host, settings.http.private_port) as listener, served_beside(app, listener):
        log.info("private_port.listening", port=listener.getsockname()[1])
        yield
