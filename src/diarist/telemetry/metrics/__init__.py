"""The figures of a process, all in one object that whatever runs in the process shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from diarist.telemetry.metrics.business import BusinessMetrics
from diarist.telemetry.metrics.catalogue import Catalogue
from diarist.telemetry.metrics.children import ChildMetrics
from diarist.telemetry.metrics.database import DatabaseMetrics
from diarist.telemetry.metrics.engine import EngineMetrics
from diarist.telemetry.metrics.failures import FailureMetrics
from diarist.telemetry.metrics.http import HttpMetrics
from diarist.telemetry.metrics.known_by_one import SharedMetrics
from diarist.telemetry.metrics.llm import LlmMetrics
from diarist.telemetry.metrics.process import ProcessMetrics
from diarist.telemetry.metrics.redis import RedisMetrics
from diarist.telemetry.metrics.storage import StorageMetrics
from diarist.telemetry.metrics.tasks import TaskMetrics
from diarist.telemetry.metrics.uploads import UploadMetrics
from diarist.telemetry.metrics.webhooks import WebhookMetrics


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """One for each process, however many event loops and Runtimes it has: its scrape tells of all of them.

    To be used from any thread. A process that nobody scrapes counts all the same, which costs millionths of a second.
    """

    catalogue: Catalogue
    process: ProcessMetrics
    http: HttpMetrics
    tasks: TaskMetrics
    children: ChildMetrics
    engine: EngineMetrics
    shared: SharedMetrics
    uploads: UploadMetrics
    redis: RedisMetrics
    webhooks: WebhookMetrics
    storage: StorageMetrics
    llm: LlmMetrics
    database: DatabaseMetrics
    business: BusinessMetrics
    failures: FailureMetrics

    @classmethod
    def open(cls, role: str = "") -> Self:
        """Nothing is counted yet; `role`: the one that the process plays."""
        catalogue = Catalogue.open()
        return cls(
            catalogue=catalogue,
            process=ProcessMetrics.open(catalogue, role),
            http=HttpMetrics.open(catalogue),
            tasks=TaskMetrics.open(catalogue),
            children=ChildMetrics.open(catalogue),
            engine=EngineMetrics.open(catalogue),
            shared=SharedMetrics.open(catalogue),
            uploads=UploadMetrics.open(catalogue),
            redis=RedisMetrics.open(catalogue),
            webhooks=WebhookMetrics.open(catalogue),
            storage=StorageMetrics.open(catalogue),
            llm=LlmMetrics.open(catalogue),
            database=DatabaseMetrics.open(catalogue),
            business=BusinessMetrics.open(catalogue),
            failures=FailureMetrics.open(catalogue),
        )
