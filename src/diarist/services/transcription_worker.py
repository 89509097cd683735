"""Looks at recordings, cuts them, hears them and puts them together."""

from __future__ import annotations

from collections.abc import Callable

from diarist.services import fleet_worker
from diarist.services.roles import ROLES
from diarist.settings import Settings

ROLE = ROLES["transcription-worker"]


def serve(settings: Settings, *, announce: Callable[[str], None] = lambda _: None) -> None:
    """See `fleet_worker.serve_worker`."""
    fleet_worker.serve_worker(ROLE, settings, announce)
