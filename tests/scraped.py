"""Scrapes as Prometheus reads them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families as read_classic
from prometheus_client.samples import Sample

from diarist.services.private_port import private_port
from diarist.settings import Settings
from diarist.telemetry.metrics import Metrics
from diarist.telemetry.metrics.exposition import scrape
from postgres_server import free_port
from waiting import PATIENCE

OPENMETRICS = "application/openmetrics-text; version=1.0.0"


@dataclass(frozen=True, slots=True)
class Scrape:
    """What a process told."""

    text: str
    media_type: str

    @property
    def families(self) -> list[Any]:
        """As the library's own parser reads them; it refuses what the format does not allow."""
        read = read_openmetrics if self.media_type.startswith("application/openmetrics-text") else read_classic
        return list(read(self.text))

    @property
    def samples(self) -> list[Sample]:
        """Every series with its value."""
        return [sample for family in self.families for sample in family.samples]

    def find(self, name: str, **labels: str) -> list[Sample]:
        """Those of a name that have these labels at least."""
        return [one for one in self.samples if one.name == name and labels.items() <= one.labels.items()]

    def total(self, name: str, **labels: str) -> float:
        """Their sum, as PromQL's `sum` makes it."""
        return sum(one.value for one in self.find(name, **labels))


def scraped(address: str, accept: str = OPENMETRICS) -> Scrape:
    """What `/metrics` below an address tells now."""
    answer = httpx.get(f"{address}/metrics", headers={"Accept": accept}, timeout=PATIENCE, trust_env=False)
    assert answer.status_code == 200, answer.text
    return Scrape(answer.text, answer.headers["Content-Type"])


@contextmanager
def private_address(settings: Settings, metrics: Metrics) -> Iterator[str]:
    """The private port of a process that counts there, served until the block ends."""
    port = free_port()
    http = settings.http.model_copy(update={"private_port": port})
    with private_port(settings.model_copy(update={"http": http}), {}, {}, metrics):
        yield f"http://127.0.0.1:{port}"


def told(metrics: Metrics) -> Scrape:
    """What a scrape of these would be."""
    text, media_type = scrape(metrics.catalogue, OPENMETRICS)
    return Scrape(text.decode(), media_type)
