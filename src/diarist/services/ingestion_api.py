"""All writes of a fleet: recordings come in here."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI

from diarist.queue.ledger import Ring
from diarist.services import fleet_api
from diarist.services.readiness import Service
from diarist.services.roles import ROLES
from diarist.settings import Settings
from diarist.telemetry.metrics import Metrics

ROLE = ROLES["ingestion-api"]


def create_app(settings: Settings, ring: Ring) -> FastAPI:
    """The app alone, over stores that are there; `ring` tells the workers of new work."""
    return fleet_api.create_app(ROLE, settings, ring, Service(), Metrics.open(ROLE.name))


def serve(settings: Settings, *, announce: Callable[[str], None] = lambda _: None) -> None:
    """See `fleet_api.serve_api`."""
    fleet_api.serve_api(ROLE, settings, announce)
