"""Tells a Sentry, by its own SDK; imported only where there is one.

What is told is put together here from a `Failure`, and whatever the SDK adds to it is taken away again: Sentry shall know where
it broke, and nothing of whom or what it broke for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from sentry_sdk import Client
from sentry_sdk.utils import BadDsn

from diarist import __version__
from diarist.errors import Misconfigured
from diarist.failures.failure import Failure

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

_PATIENCE = 2.0
"""Seconds for what is still to be sent, at the end."""
_TOLD = ("event_id", "timestamp", "level", "platform", "release", "fingerprint", "tags", "exception")
_TAGS = ("code", "kind", "place", "trace_id")
_FRAME = ("module", "function", "lineno", "in_app")


class Sentry:
    """Sends from a thread of the SDK's own; what it cannot send in time, it drops."""

    def __init__(self, dsn: str) -> None:
        """Raises `Misconfigured`."""
        try:
            self._client = Client(
                dsn=dsn, release=f"diarist@{__version__}", server_name="", default_integrations=False,
                auto_enabling_integrations=False, include_local_variables=False, include_source_context=False,
                max_breadcrumbs=0, auto_session_tracking=False, send_client_reports=False,
                shutdown_timeout=_PATIENCE, before_send=stripped,
            )  # fmt: skip
        except BadDsn as error:
            # What stands in it is a secret.
            raise Misconfigured("DIARIST_TELEMETRY__SENTRY_DSN is no address of a Sentry") from error

    def tell(self, failure: Failure) -> None:
        """Hand one over; returns at once."""
        self._client.capture_event(cast("Event", event_of(failure)))

    def close(self) -> None:
        """Send what is left."""
        self._client.close(timeout=_PATIENCE)


def event_of(failure: Failure) -> dict[str, Any]:
    """A failure as Sentry understands it (develop.sentry.dev, "Event Payloads")."""
    frames = [
        {"module": frame.module, "function": frame.function, "lineno": frame.line, "in_app": True}
        for frame in failure.origin.frames
    ]
    error = {"type": failure.origin.type, "value": failure.code, "stacktrace": {"frames": frames}}
    tags = {"code": failure.code, "kind": failure.kind.value, "place": failure.context.place}
    trace = {"trace_id": failure.context.trace_id} if failure.context.trace_id else {}
    return {
        "level": "error",
        "platform": "python",
        "timestamp": failure.at.isoformat(),
        "fingerprint": [failure.fingerprint],
        "tags": {**tags, **trace},
        "exception": {"values": [error if frames else {"type": error["type"], "value": error["value"]}]},
    }


def stripped(event: Event, _hint: Hint) -> Event:
    """Only what is known to hold nothing of anybody; everything else, whoever has put it there, does not leave."""
    given = cast("dict[str, Any]", event)
    kept: dict[str, Any] = {name: given[name] for name in _TOLD if name in given}
    kept["tags"] = {name: value for name, value in given.get("tags", {}).items() if name in _TAGS}
    kept["exception"] = {"values": [_stripped_error(one) for one in given.get("exception", {}).get("values", [])]}
    return cast("Event", kept)


def _stripped_error(given: dict[str, Any]) -> dict[str, Any]:
    frames = (given.get("stacktrace") or {}).get("frames", [])
    kept = [{name: frame[name] for name in _FRAME if name in frame} for frame in frames]
    told: dict[str, Any] = {name: given[name] for name in ("type", "value") if name in given}
    return {**told, "stacktrace": {"frames": kept}} if kept else told
