import pytest

from diarist.errors import BrokerUnavailable, Misconfigured
from diarist.redis_client import Watched, connect, translated, watched


def test_a_url_of_sentinels_is_read() -> None:
    found = watched("redis+sentinel://me:p%40ss@one:26380,two/diarist/3")
    assert found == Watched(
        sentinels=(("one", 26380), ("two", 26379)), service="diarist", database=3, username="me", password="p@ss",  # noqa: S106
    )  # fmt: skip
    assert watched("redis+sentinel://[::1]:5/diarist").sentinels == (("::1", 5),)


@pytest.mark.parametrize(
    "url",
    [
        "redis+sentinel://one:26379",
        "redis+sentinel:///diarist",
        "redis+sentinel://one:x/diarist",
        "redis+sentinel://one:1/diarist/-1",
        "http://secret@one",
        "redis://:secret@one:port",
        "",
    ],
)
def test_a_url_that_cannot_be_read_is_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(Misconfigured) as refused:
        connect(url)
    assert "secret" not in f"{refused.value.message} {refused.value.advice} {refused.value.__cause__!r}"


def test_connections_do_not_wait_for_ever() -> None:
    with connect("redis://127.0.0.1:1/0") as client:
        options = client.connection_pool.connection_kwargs
    assert (options["socket_timeout"], options["socket_connect_timeout"]) == (10.0, 3.0)


def test_a_redis_that_is_not_there_is_told() -> None:
    with connect("redis://127.0.0.1:1/0", tries=0) as client, pytest.raises(BrokerUnavailable), translated():
        client.ping()
    with connect("redis+sentinel://127.0.0.1:1/diarist", tries=0) as client, pytest.raises(BrokerUnavailable), translated():
        client.ping()
