"""Whoever is connected by a key or a browser that is not valid any more is shown out, whatever they read."""

from collections.abc import Iterator

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from access_keys import bearing, new_key
from diarist.settings import HttpSettings, Settings
from event_streams import streaming
from served import served


@pytest.fixture(scope="module")
def url(lasting_settings: Settings) -> str:
    return lasting_settings.database_url


@pytest.fixture(scope="module")
def guarded(lasting_settings: Settings, url: str) -> Iterator[httpx.Client]:
    """Of a server that wants a key, with one for everything."""
    with served(lasting_settings.model_copy(update={"http": HttpSettings(require_key=True)})) as client:
        client.headers.update(bearing(new_key(url)))
        yield client


def made(client: httpx.Client, name: str) -> tuple[str, dict[str, str]]:
    key = client.post("/v1/keys", json={"name": name, "scopes": ["read"]}).json()
    return key["id"], bearing(key["key"])


def test_a_stream_ends_when_its_key_is_revoked_and_no_other_does(guarded: httpx.Client, another: bytes) -> None:
    (first, shown), (second, other) = made(guarded, "first"), made(guarded, "second")
    with (
        httpx.Client(base_url=guarded.base_url, headers=other, trust_env=False, timeout=30) as neighbour,
        httpx.Client(base_url=guarded.base_url, headers=shown, trust_env=False, timeout=30) as reader,
        streaming(neighbour) as stays,
        streaming(reader) as ends,
    ):
        told, rest = iter(stays), iter(ends)
        assert next(told).kind == next(rest).kind == "stream.opened"
        guarded.delete(f"/v1/keys/{first}")
        assert list(rest) == []
        assert reader.get("/v1/recordings").status_code == 401
        added = guarded.post("/v1/recordings", files={"file": another}).json()
        assert next(told).data["recording_id"] == added["id"]
    guarded.delete(f"/v1/keys/{second}")


@pytest.mark.parametrize("said", [None, '{"type": "subscribe"}'])
def test_a_socket_is_closed_when_its_key_is_revoked_whether_it_follows_anything_or_not(
    guarded: httpx.Client, said: str | None
) -> None:
    key, shown = made(guarded, "socket")
    address = str(guarded.base_url).replace("http", "ws").rstrip("/")
    with connect(f"{address}/v1/ws", additional_headers=shown, proxy=None) as socket:
        socket.send(said or '{"type": "ping"}')
        socket.recv(timeout=30)
        guarded.delete(f"/v1/keys/{key}")
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                socket.recv(timeout=30)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1008
