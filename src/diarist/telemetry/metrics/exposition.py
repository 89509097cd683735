"""A scrape: every figure of a process as text, in the form that the scraper understands best."""

from __future__ import annotations

from prometheus_client.exposition import choose_encoder

from diarist.telemetry.metrics.catalogue import Catalogue


def scrape(catalogue: Catalogue, accept: str) -> tuple[bytes, str]:
    """The text, and its media type: OpenMetrics 1.0 with exemplars where `accept` names it, else Prometheus' own 0.0.4."""
    for look in catalogue.before_scrapes:
        look()
    encode, media_type = choose_encoder(accept)
    return encode(catalogue.registry), media_type
