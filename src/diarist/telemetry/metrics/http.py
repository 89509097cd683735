"""What an API is asked, how it answers, and who stays connected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from diarist.telemetry.metrics.catalogue import Catalogue, Counters, Gauges, Histograms


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpMetrics:
    """Of the public port; a route is the template that its path was matched by."""

    requests: Counters
    seconds: Histograms
    in_flight: Gauges
    streams: Gauges
    rate_limited: Counters

    @classmethod
    def open(cls, catalogue: Catalogue) -> Self:
        """Its families, in the catalogue."""
        return cls(
            requests=catalogue.counters(
                "diarist_http_requests_total",
                "Requests that were answered, by route template, method and class of status.",
                ("method", "route", "status"),
                most=1000,
            ),
            seconds=catalogue.histograms(
                "diarist_http_request_duration_seconds",
                "Time from a request's head to the end of its answer; of an event stream, to the head of its answer.",
                ("method", "route"),
                unit="seconds",
            ),
            in_flight=catalogue.gauges(
                "diarist_http_requests_in_flight", "Requests that are being answered now, open streams left out."
            ),
            streams=catalogue.gauges(
                "diarist_http_streams_open", "Event streams and WebSockets that are open now.", ("protocol",)
            ),
            rate_limited=catalogue.counters(
                "diarist_http_rate_limited_total",
                "Requests that were refused because too many had come; `asked` by one key or person, `refused` from one address.",
                ("limit",),
            ),
        )
