"""Server errors are counted, shown to whoever manages the account they happened to, and tell nothing that was said."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr

from access_keys import bearing, new_key
from diarist.domain.access import Permission
from diarist.settings import HttpSettings, LogSettings, Settings
from diarist.storage.blobs import Blobs
from diarist.telemetry.logging import configure_logging
from sentry_server import sentry_server
from served import rows_of, served, table_of
from waiting import until

CANARY = "what-anna-said-in-confidence"


class Faulty(Blobs):
    """A store with a bug whose error repeats what it was given, in its words and in its locals."""

    async def size(self, key: str) -> int:
        said = f"{CANARY} {key}"
        raise RuntimeError(said)


def listed(client: httpx.Client, **shown: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/v1/errors", **shown).raise_for_status().json()["items"]
    return found


def test_an_error_is_counted_once_for_all_its_times_and_repeats_nothing(settings: Settings, memo: Path) -> None:
    log = StringIO()
    configure_logging(LogSettings(level="debug", format="json"), stream=log)
    with sentry_server() as sentry:
        telemetry = settings.telemetry.model_copy(update={"sentry_dsn": SecretStr(sentry.dsn)})
        told = settings.model_copy(update={"telemetry": telemetry})
        with served(told, blobs=Faulty.open(settings.storage_url)) as client:
            recording = client.post("/v1/recordings", files={"file": memo.read_bytes()}).json()
            for number in range(3):
                answer = client.get(f"/v1/recordings/{recording['id']}/audio", headers={"X-Request-ID": f"ask-{number}"})
                assert answer.status_code == 500
            assert client.get("/v1/recordings/0/audio").status_code == 422
            until(lambda: sum(one["count"] for one in listed(client)) == 3)
            (one,) = listed(client)
            assert (one["code"], one["kind"], one["place"]) == ("internal", "request", "GET /v1/recordings/{recording_id}/audio")
            assert (one["request_id"], one["trace_id"]) == ("ask-2", answer.headers["X-Trace-ID"])
            assert client.get(f"/v1/errors/{one['id']}").json() == one
            assert client.get("/v1/errors", params={"resolved": "true"}).json()["items"] == []
            assert client.get("/v1/errors", params={"sort": "-last_seen", "limit": 1}).json()["items"] == [one]
    assert rows_of(settings, "failures") == 2
    assert [event["exception"]["values"][0]["type"] for event in sentry.events] == ["RuntimeError"]
    assert sentry.events[0]["exception"]["values"][0]["stacktrace"]["frames"][-1]["module"].startswith("diarist.")
    for place in (repr(table_of(settings, "failures")), log.getvalue(), b"".join(sentry.raw).decode()):
        assert place
        assert CANARY not in place


def test_only_who_manages_an_account_sees_errors_and_only_those_of_it(settings: Settings, memo: Path) -> None:
    configure_logging(LogSettings(format="json"), stream=StringIO())
    guarded = settings.model_copy(update={"http": HttpSettings(require_key=True)})
    with served(guarded, blobs=Faulty.open(settings.storage_url)) as client:
        mine, other = (bearing(new_key(settings.database_url, account=name)) for name in ("local", "other"))
        reads = bearing(new_key(settings.database_url, Permission.READ, Permission.ADD, Permission.EDIT))
        recording = client.post("/v1/recordings", files={"file": memo.read_bytes()}, headers=mine).json()
        assert client.get(f"/v1/recordings/{recording['id']}/audio", headers=mine).status_code == 500
        until(lambda: len(listed(client, headers=mine)) == 1)
        assert listed(client, headers=other) == []
        own = listed(client, headers=mine)[0]["id"]
        assert client.get(f"/v1/errors/{own}", headers=other).status_code == 404
        for path in ("/v1/errors", f"/v1/errors/{own}"):
            assert [client.get(path, headers=shown).status_code for shown in ({}, reads, mine)] == [401, 403, 200]
