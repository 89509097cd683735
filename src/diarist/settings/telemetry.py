"""What is told of the work, and to whom."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, SecretStr

from diarist.settings.llm import Seconds


class TelemetrySettings(BaseModel):
    """Traces by OpenTelemetry; off unless there is somebody to send them to."""

    endpoint: Annotated[str, Field(pattern=r"^(https?://[^@]+|)$")] = ""
    """Base of an OTLP receiver over HTTP, such as `http://localhost:4318`; empty means OTEL_EXPORTER_OTLP_ENDPOINT, or no traces.
    Headers, certificates and the like are set by the other OTEL_EXPORTER_OTLP_… variables."""
    sample_ratio: Annotated[float, Field(ge=0, le=1)] = 1.0
    """Share of all traces that are kept whole; of the others, what fails or is slow."""
    slow_request: Seconds = 1.0
    """Seconds from which on a request is kept whatever the ratio says."""
    slow_task: Seconds = 120.0
    """The same of one try of a task, such as the hearing of one chunk."""
    sentry_dsn: SecretStr = SecretStr("")
    """`https://KEY@HOST/PROJECT` of a Sentry, or of what speaks as it does, that hears of errors as well; empty for none.
    It is told their class, code and places in our code. Needs `pip install 'diarist[sentry]'`."""
    slow_statement: Annotated[float, Field(ge=0)] = 0.1
    """Seconds from which on a statement to the database gets a span of its own in its transaction's; 0: each."""
