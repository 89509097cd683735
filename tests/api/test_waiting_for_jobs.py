"""`Prefer: wait`: an answer that comes when there is something to tell."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from diarist.settings import EventSettings, Settings
from event_streams import streaming
from served import served
from waiting import PATIENCE, until


@contextmanager
def asking(client: httpx.Client, path: str, prefer: str) -> Iterator[list[httpx.Response]]:
    """Somebody waits while the block goes on; afterwards the list holds the answer."""
    answers: list[httpx.Response] = []
    url = f"{str(client.base_url).rstrip('/')}{path}"
    # With a connection of its own, which outlasts that of the client.
    ask = partial(httpx.get, url, headers={"Prefer": prefer}, timeout=PATIENCE, trust_env=False)
    thread = threading.Thread(target=lambda: answers.append(ask()))
    thread.start()
    yield answers
    thread.join(PATIENCE)


def given(client: httpx.Client, content: bytes) -> str:
    return client.post("/v1/recordings", files={"file": content}).headers["Location"]


def test_who_waits_is_told_when_the_job_has_ended(lasting_client: httpx.Client, another: bytes) -> None:
    job = given(lasting_client, another)
    with asking(lasting_client, job, "wait=45") as answers:
        lasting_client.post(f"{job}/cancel")
    assert answers[0].json()["state"] == "cancelled"
    assert answers[0].headers["Preference-Applied"] == "wait=45"
    # What has ended is not waited for.
    assert lasting_client.get(job, headers={"Prefer": "wait=45"}).json()["state"] == "cancelled"


def test_patience_ends(lasting_client: httpx.Client, another: bytes) -> None:
    answer = lasting_client.get(given(lasting_client, another), headers={"Prefer": "wait=1"})
    assert (answer.status_code, answer.json()["state"]) == (200, "queued")
    assert answer.headers["Preference-Applied"] == "wait=1"


def test_a_recording_is_given_and_waited_for(working_client: httpx.Client, another: bytes) -> None:
    answer = working_client.post("/v1/recordings", files={"file": another}, headers={"Prefer": "wait=45"})
    assert (answer.status_code, answer.headers["Preference-Applied"]) == (200, "wait=45")
    assert answer.json()["job"]["state"] in {"succeeded", "failed"}
    assert answer.json()["duration"] == pytest.approx(2.0, abs=0.2)


def test_who_does_not_ask_to_wait_does_not(lasting_client: httpx.Client, another: bytes) -> None:
    answer = lasting_client.post("/v1/recordings", files={"file": another}, headers={"Prefer": "respond-async"})
    assert (answer.status_code, answer.json()["job"]["state"]) == (202, "queued")
    assert "Preference-Applied" not in answer.headers


def test_the_job_of_nobody_is_not_waited_for(lasting_client: httpx.Client) -> None:
    assert lasting_client.get(f"/v1/jobs/{uuid4()}", headers={"Prefer": "wait=45"}).status_code == 404


def crowded(settings: Settings) -> Settings:
    return settings.model_copy(update={"events": EventSettings(max_streams=1)})


def test_where_there_is_no_room_nobody_waits(settings: Settings, memo: Path) -> None:
    with served(crowded(settings)) as client:
        job = given(client, memo.read_bytes())
        with streaming(client) as stream:
            events = iter(stream)
            next(events)
            answer = client.get(job, headers={"Prefer": "wait=45"})
    assert (answer.status_code, answer.json()["state"]) == (200, "queued")
    assert "Preference-Applied" not in answer.headers


def test_a_server_that_ends_lets_nobody_wait(settings: Settings, memo: Path) -> None:
    with ExitStack() as stack:
        client = stack.enter_context(served(crowded(settings)))
        job = given(client, memo.read_bytes())
        with asking(client, job, "wait=45") as answers:
            # Who waits takes the only place.
            until(lambda: client.get("/v1/events?seconds=0").status_code == 503)
            stack.close()
    assert answers[0].json()["state"] == "queued"
