"""Opens what a command works with: settings, logs, and a Runtime for its event loop."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from diarist.accounts.service import account_id
from diarist.cli.reporting import running
from diarist.database.compatibility import require_compatible
from diarist.queue.ledger import Ring
from diarist.runtime import Runtime
from diarist.settings import Settings, load_settings
from diarist.settings.kept_secret import secrets_of
from diarist.telemetry.logging import configure_logging
from diarist.telemetry.opening import open_tracing
from diarist.telemetry.tracing import part
from diarist.wiring import open_runtime, prepare

SERVICE = "cli"
"""Of commands, in traces."""


@dataclass(frozen=True, slots=True)
class Here:
    """What a command works with: opened things, and whose recordings they are."""

    runtime: Runtime
    account_id: UUID


def settings_in_force(*, serving: bool = False) -> Settings:
    """Read the settings and set logging up: warnings only, unless the level was chosen or a server is started."""
    settings = load_settings()
    chosen = serving or "level" in settings.log.model_fields_set
    log = settings.log if chosen else settings.log.model_copy(update={"level": "warning"})
    # What a command answers goes to stdout, and what is told of it does not; a server answers elsewhere.
    configure_logging(log, stream=sys.stdout if serving else None, secrets=secrets_of(settings))
    return settings


@asynccontextmanager
async def opened(settings: Settings, ring: Ring | None = None) -> AsyncIterator[Here]:
    """Bring the data directory up to date and open it; `ring` is the bell of the workers in this process, if it has any.

    What is done with it is a trace, or the beginning of one.
    """
    await prepare(settings)
    with open_tracing(settings.telemetry, SERVICE), part(f"diarist {running.get()}"):
        async with open_runtime(settings, ring) as runtime:
            async with runtime.database.read() as session:
                await require_compatible(session)
                owner = await account_id(session)
            yield Here(runtime, owner)
