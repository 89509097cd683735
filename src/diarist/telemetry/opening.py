"""Begins to collect, where the settings or the standard variables of OpenTelemetry say to whom to send."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from diarist.errors import Misconfigured
from diarist.settings.telemetry import TelemetrySettings
from diarist.telemetry.tracing import collected, tracing_by

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_OFF = "OTEL_SDK_DISABLED"


@contextmanager
def open_tracing(settings: TelemetrySettings, service: str) -> Iterator[None]:
    """Send the spans of this process until the block ends, as those of the role `service`; nothing happens without a receiver.

    Where the process does so already it goes on. Raises `Misconfigured` when what sends is not installed.
    """
    if not wanted(settings) or collected():
        yield
        return
    try:
        from diarist.telemetry.collecting import collector
    except ImportError as error:
        raise Misconfigured(
            "traces are to be sent, but what sends them is not installed",
            advice="`pip install 'diarist[tracing]'` brings it; or unset DIARIST_TELEMETRY__ENDPOINT and "
            "OTEL_EXPORTER_OTLP_ENDPOINT.",
        ) from error
    with collector(settings, service) as tracer, tracing_by(tracer):
        yield


def wanted(settings: TelemetrySettings) -> bool:
    """Whether there is somebody to send to."""
    if os.environ.get(_OFF, "").strip().lower() == "true":
        return False
    return bool(settings.endpoint) or any(os.environ.get(name) for name in _ENDPOINTS)
