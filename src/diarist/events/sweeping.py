"""Keeps the log within bounds, whether or not anybody reads it."""

from __future__ import annotations

import structlog

from diarist.database.session import Database
from diarist.events import places
from diarist.events.reading import standing
from diarist.settings import EventSettings

log = structlog.get_logger(__name__)


async def sweep_events(database: Database, settings: EventSettings) -> int:
    """Place what nobody has placed, and take away what need not be kept; returns how many were taken away."""
    while (await standing(database)).unplaced and await places.place(database):
        pass
    swept = 0
    while removed := await places.sweep(database, seconds=settings.keep_seconds, most=settings.keep_number):
        swept += removed
    if swept:
        log.info("events.swept", events=swept)
    return swept
