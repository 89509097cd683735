"""Live events by WebSocket, as a client that nobody here wrote speaks it."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from access_keys import new_key
from diarist.settings import EventSettings, HttpSettings, Settings
from event_streams import streaming
from served import served
from waiting import PATIENCE, until


class Socket:
    """A connection that speaks JSON."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    def say(self, kind: str, **fields: Any) -> None:
        self.connection.send(json.dumps({"type": kind, **fields}))

    def hear(self) -> dict[str, Any]:
        heard: dict[str, Any] = json.loads(self.connection.recv(PATIENCE))
        return heard

    def until(self, kind: str) -> list[dict[str, Any]]:
        """What is said, up to and with the first of this kind."""
        found = [self.hear()]
        while found[-1]["type"] != kind:
            found.append(self.hear())
        return found


@contextmanager
def talking(client: httpx.Client, **options: Any) -> Iterator[Socket]:
    address = str(client.base_url.copy_with(scheme="ws", path="/v1/ws"))
    with connect(address, proxy=None, open_timeout=PATIENCE, **options) as connection:
        yield Socket(connection)


@pytest.fixture
def job(client: httpx.Client, memo: Path) -> str:
    location: str = client.post("/v1/recordings", files={"file": memo.read_bytes()}).headers["Location"]
    return location


def test_it_tells_what_streams_tell(client: httpx.Client, job: str) -> None:
    with talking(client) as talk, streaming(client) as stream:
        talk.say("subscribe")
        assert talk.hear() == {"type": "subscribed", "subscription": "all"}
        events = iter(stream)
        assert next(events).kind == talk.hear()["type"] == "stream.opened"
        client.post(f"{job}/cancel")
        heard = next(one for one in talk.until("job.cancelled") if one["type"] == "job.cancelled")
        told = next(event for event in events if event.kind == "job.cancelled")
        assert heard == {"subscription": "all", **told.data}
        talk.say("unsubscribe")
        assert talk.until("unsubscribed")[-1] == {"type": "unsubscribed", "subscription": "all"}


def test_who_comes_back_is_told_what_was_missed(client: httpx.Client, job: str) -> None:
    with talking(client) as talk:
        talk.say("subscribe", last_event_id="0")
        last = talk.until("recording.received")[-1]["id"]
    client.post(f"{job}/cancel")
    with talking(client) as talk:
        talk.say("subscribe", last_event_id=last)
        assert [one["type"] for one in talk.until("job.cancelled")] == ["subscribed", "stream.opened", "job.cancelled"]


def test_one_connection_follows_several_jobs_each_to_its_end(client: httpx.Client, job: str, another: bytes) -> None:
    other = client.post("/v1/recordings", files={"file": another}).headers["Location"]
    ids = [location.rpartition("/")[2] for location in (job, other)]
    with talking(client) as talk:
        for job_id in ids:
            talk.say("subscribe", job_id=job_id)
            assert talk.until("job.progress")[-1]["job_id"] == job_id
        client.post(f"{other}/cancel")
        ended = talk.until("unsubscribed")
        assert ended[-1]["subscription"] == ids[1]
        assert "job.cancelled" in [one["type"] for one in ended]
        assert {one["subscription"] for one in ended if one["type"] == "job.cancelled"} == {ids[1]}
        client.post(f"{job}/cancel")
        assert talk.until("unsubscribed")[-1]["subscription"] == ids[0]


def test_it_answers_a_ping(client: httpx.Client) -> None:
    with talking(client) as talk:
        talk.say("ping")
        assert talk.hear() == {"type": "pong"}
        assert talk.connection.ping().wait(PATIENCE)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("{", "malformed_request"),
        ("[]", "malformed_request"),
        ('{"type": "shout"}', "malformed_request"),
        ('{"type": "subscribe", "job_id": "last"}', "malformed_request"),
        ('{"type": "subscribe", "last_event_id": "-1"}', "malformed_request"),
        ('{"type": "subscribe", "last_event_id": "9999999999999999999"}', "invalid_input"),
        ('{"type": "subscribe", "until": 3}', "malformed_request"),
        (b"\x00", "malformed_request"),
        (json.dumps({"type": "subscribe", "job_id": str(UUID(int=5))}), "not_found"),
    ],
)
def test_what_cannot_be_done_is_refused_and_the_talk_goes_on(lasting_client: httpx.Client, said: str | bytes, code: str) -> None:
    with talking(lasting_client) as talk:
        talk.connection.send(said)
        refused = talk.hear()
        assert (refused["type"], refused["code"]) == ("error", code)
        assert refused["advice"]
        talk.say("ping")
        assert talk.hear() == {"type": "pong"}


def test_a_connection_has_so_many_subscriptions_and_no_more(settings: Settings) -> None:
    with served(settings.model_copy(update={"events": EventSettings(max_streams=1)})) as client, talking(client) as talk:
        talk.say("subscribe")
        talk.until("stream.opened")
        assert client.get("/v1/events").json()["code"] == "too_many_streams"
        talk.say("subscribe")
        assert talk.until("stream.opened")[-1]["subscription"] == "all"


def test_a_page_of_another_host_is_not_let_in(lasting_client: httpx.Client) -> None:
    with pytest.raises(InvalidStatus) as refused, talking(lasting_client, origin="https://evil.example"):
        pass
    assert refused.value.response.status_code == 403
    assert json.loads(refused.value.response.body or b"")["code"] == "foreign_origin"
    place = (lasting_client.base_url.host, lasting_client.base_url.port)
    with pytest.raises(InvalidStatus) as refused, connect("ws://evil.example/v1/ws", sock=socket.create_connection(place)):
        pass
    assert refused.value.response.status_code == 421


def test_our_own_page_is_let_in(lasting_client: httpx.Client) -> None:
    with talking(lasting_client, origin=str(lasting_client.base_url).rstrip("/")) as talk:
        talk.say("ping")
        assert talk.hear() == {"type": "pong"}


def test_a_key_is_shown_in_a_header_or_offered_as_a_protocol(lasting_settings: Settings) -> None:
    settings = lasting_settings.model_copy(update={"http": HttpSettings(require_key=True)})
    with served(settings) as client:
        key = new_key(settings.database_url, account="anna")
        protocols = [Subprotocol("diarist.events.v1"), Subprotocol(f"diarist.key.{key}")]
        for options in ({"additional_headers": {"Authorization": f"Bearer {key}"}}, {"subprotocols": protocols}):
            with talking(client, **options) as talk:
                talk.say("subscribe")
                assert talk.hear()["type"] == "subscribed"
                assert talk.connection.subprotocol in {None, "diarist.events.v1"}
        with pytest.raises(InvalidStatus) as refused, talking(client):
            pass
        assert refused.value.response.status_code == 401


def test_the_job_of_another_account_is_not_there(lasting_settings: Settings, another: bytes) -> None:
    settings = lasting_settings.model_copy(update={"http": HttpSettings(require_key=True)})
    with served(settings) as client:
        anna, zoe = ({"Authorization": f"Bearer {new_key(settings.database_url, account=name)}"} for name in ("anna", "zoe"))
        location = client.post("/v1/recordings", files={"file": another}, headers=anna).headers["Location"]
        with talking(client, additional_headers=zoe) as talk:
            talk.say("subscribe", job_id=location.rpartition("/")[2])
            assert talk.hear()["code"] == "not_found"
            talk.say("subscribe", last_event_id="0")
            talk.until("stream.opened")
            client.post(f"{location}/cancel", headers=anna).raise_for_status()
            mine = client.post("/v1/recordings", files={"file": another + b"z"}, headers=zoe).headers["Location"]
            told = talk.until("recording.received")
            assert {one["job_id"] for one in told if "job_id" in one} == {mine.rpartition("/")[2]}
        for headers in ({}, {"Last-Event-ID": "0"}):
            assert client.get(f"{location}/events", headers={**zoe, **headers}).status_code == 404


def test_a_server_that_ends_asks_to_connect_again(settings: Settings) -> None:
    with served(settings) as client:
        closing = talking(client)
        talk = closing.__enter__()
        talk.say("subscribe")
        talk.until("stream.opened")
    with pytest.raises(ConnectionClosed) as closed:
        talk.until("nothing more")
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1012
    with pytest.raises(ConnectionClosed):
        closing.__exit__(None, None, None)
        talk.hear()


def test_a_connection_that_is_closed_leaves_nothing_behind(settings: Settings) -> None:
    with served(settings.model_copy(update={"events": EventSettings(max_streams=1)})) as client:
        with talking(client) as talk:
            talk.say("subscribe")
            talk.until("stream.opened")
        until(lambda: client.get("/v1/events?seconds=0").status_code == 200)
