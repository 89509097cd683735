"""What every handler and route receives: the opened things of one event loop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from diarist.audio.process import AudioProcess
from diarist.child.clerk import Clerk
from diarist.database.session import Database
from diarist.domain.job import Stage
from diarist.engine.pool import EnginePool
from diarist.events.log import EventLog
from diarist.failures.noting import Failures
from diarist.llm.router import Router
from diarist.ports.event_bus import EventBus
from diarist.queue.ledger import Ledger
from diarist.settings import Settings
from diarist.storage.blobs import Blobs
from diarist.telemetry.metrics import Metrics


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """Opened and closed by `wiring.open_runtime`; never shared between event loops."""

    settings: Settings
    database: Database
    blobs: Blobs
    ledger: Ledger
    stages: Sequence[Stage]
    """The pipeline, in order."""
    prober: AudioProcess
    """Looks at recordings as they arrive; apart from `decoder`, so that nobody waits behind a long one."""
    decoder: AudioProcess
    """Decodes whole recordings."""
    engine: EnginePool
    typesetter: Clerk
    """Makes documents of transcripts."""
    events: EventBus
    """Tells what happened, and hears what others tell."""
    event_log: EventLog
    """Tells what happens in a transaction, if it commits."""
    router: Router
    """Asks language models."""
    failures: Failures
    """Takes in what goes wrong."""
    metrics: Metrics
    """Of the whole process; whatever else runs in it counts there too."""
