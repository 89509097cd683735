"""Runs one of the workers of a fleet: it works off its queues, and answers nobody but those who ask for its health."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import ExitStack

import structlog

from diarist.http.ending import Ending
from diarist.http.server import until_told_to_end
from diarist.services import event_loop
from diarist.services.fleet import require_fleet, schema_fits
from diarist.services.garbage import collect_seldom
from diarist.services.private_port import private_port
from diarist.services.readiness import Service, broker
from diarist.services.roles import Role
from diarist.services.workers import Workers, workers
from diarist.settings import Settings
from diarist.telemetry.metrics import Metrics
from diarist.telemetry.opening import open_tracing
from diarist.wiring import prepare

log = structlog.get_logger(__name__)


def serve_worker(role: Role, chosen: Settings, announce: Callable[[str], None]) -> None:
    """Work until SIGTERM; then take nothing new, finish what ends within `queue.grace` seconds and give the rest back.

    `announce` is called with words for people once it works. In the main thread only. Raises `PortInUse`, `Misconfigured`.
    """
    settings, service, at_work, metrics = role.with_ports(chosen), Service(), _AtWork(), Metrics.open(role.name)
    require_fleet(role, settings)
    collect_seldom()
    needed = {"workers": at_work.check, "service": service.check, **broker(settings.broker.url)}
    with until_told_to_end(), open_tracing(settings.telemetry, role.name), private_port(settings, needed, {}, metrics):
        event_loop.run(_work(role, settings, service, at_work, metrics, announce))
    log.info("worker.ended", role=role.name)


class _AtWork:
    """The workers, once there are some."""

    def __init__(self) -> None:
        self.workers: Workers | None = None

    async def check(self) -> None:
        if self.workers is not None:
            await self.workers.check()


async def _work(
    role: Role, settings: Settings, service: Service, at_work: _AtWork, metrics: Metrics, announce: Callable[[str], None]
) -> None:
    with Ending() as ending:
        await prepare(settings)
        if not await schema_fits(settings, ending):
            return
        stack = ExitStack()
        # Opening and closing take their time; signals are to be heard meanwhile.
        working = workers(settings, role.groups, alone=False, metrics=metrics)
        at_work.workers = await asyncio.to_thread(stack.enter_context, working)
        try:
            service.begun = True
            announce(f"works on {', '.join(queue for group in role.groups for queue in group.queues)}")
            await ending.wait()
            service.draining = True
            log.info("worker.draining", seconds=settings.queue.grace)
            await asyncio.to_thread(at_work.workers.drain, settings.queue.grace)
        finally:
            await asyncio.to_thread(stack.close)
