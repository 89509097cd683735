"""What a Sentry is told, by its real SDK over a real socket."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr

from diarist import __version__
from diarist.database.base import utc_now
from diarist.errors import ChildDied, Misconfigured
from diarist.failures.failure import Context, FailureKind, failure_of
from diarist.failures.opening import open_sentry
from diarist.failures.sentry import stripped
from diarist.settings.telemetry import TelemetrySettings
from sentry_server import sentry_server

CANARY = "canary-of-yesterday"


def failed() -> Exception:
    said = CANARY

    def failing() -> None:
        raise ChildDied(f"it died of {said}")

    try:
        failing()
    except ChildDied as error:
        return error
    raise AssertionError


async def test_it_is_told_the_class_the_code_and_the_places_and_nothing_else() -> None:
    error = failed()
    with sentry_server() as sentry:
        async with open_sentry(TelemetrySettings(sentry_dsn=SecretStr(sentry.dsn))) as tell:
            assert tell is not None
            context = Context(place="transcribe", trace_id="4bf92f3577b34da6a3ce929d0e0e4736", request_id=CANARY)
            failure = failure_of(error, FailureKind.TASK, context, utc_now())
            tell(failure)
    (event,) = sentry.events
    assert event["fingerprint"] == [failure.fingerprint]
    assert event["release"] == f"diarist@{__version__}"
    assert event["tags"] == {
        "code": "child_died", "kind": "child", "place": "transcribe", "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736"
    }  # fmt: skip
    assert [(one["type"], one["value"]) for one in event["exception"]["values"]] == [("ChildDied", "child_died")]
    known = {"event_id", "timestamp", "level", "platform", "release", "fingerprint", "tags", "exception"}
    assert set(event) - known <= {"_meta"}
    assert CANARY.encode() not in b"".join(sentry.raw)


def test_what_anybody_else_adds_does_not_leave() -> None:
    frame = {
        "module": "diarist.a",
        "function": "b",
        "lineno": 3,
        "in_app": True,
        "vars": {"said": CANARY},
        "context_line": CANARY,
    }
    event: Any = {
        "event_id": "1", "server_name": CANARY, "extra": {"argv": [CANARY]}, "breadcrumbs": [CANARY], "user": {"id": CANARY},
        "contexts": {"trace": {"trace_id": "1"}}, "tags": {"code": "internal", "of": CANARY}, "modules": {CANARY: "1"},
        "exception": {"values": [{"type": "A", "value": "internal", "mechanism": CANARY, "stacktrace": {"frames": [frame]}}]},
    }  # fmt: skip
    kept: Any = stripped(event, {})
    assert CANARY not in repr(kept)
    assert kept["exception"]["values"][0]["stacktrace"]["frames"] == [
        {"module": "diarist.a", "function": "b", "lineno": 3, "in_app": True}
    ]


async def test_without_an_address_nobody_is_told_and_a_wrong_one_is_refused_unseen() -> None:
    async with open_sentry(TelemetrySettings()) as tell:
        assert tell is None
    with pytest.raises(Misconfigured) as refused:
        async with open_sentry(TelemetrySettings(sentry_dsn=SecretStr(f"nonsense {CANARY}"))):
            pass
    assert CANARY not in str(refused.value)
