"""Opens Redis by a URL, a single server or one that Sentinels watch over; the library is loaded only then."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from diarist.errors import BrokerUnavailable, Misconfigured
from diarist.telemetry.metrics.catalogue import Catalogue
from diarist.telemetry.metrics.redis import RedisMetrics
from diarist.telemetry.tracing import Kind, Span, span

if TYPE_CHECKING:
    import redis
    import redis.asyncio
    from redis.retry import Retry

SENTINEL = "redis+sentinel"
SCHEMES = ("redis", "rediss", SENTINEL)

_SENTINEL_PORT = 26379
_CONNECT_TIMEOUT = 3.0
_TIMEOUT = 10.0
"""Seconds; a command that takes longer is taken for a broken connection."""
_HEALTH_CHECK = 10
"""Seconds of silence after which a connection is asked whether it still is one, before it is used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A Redis that Sentinels watch over: they tell which server is the master now."""

    sentinels: tuple[tuple[str, int], ...]
    """Host and port of each."""
    service: str
    database: int
    username: str | None
    password: str | None
    """Of Redis and of the Sentinels alike."""


def watched(url: str) -> Watched:
    """Read `redis+sentinel://[[user]:password@]host:port,host:port/service[/database]`; raises `Misconfigured`."""
    try:
        parts = urlsplit(url)
        credentials, _, hosts = parts.netloc.rpartition("@")
        service, _, database = parts.path.strip("/").partition("/")
        username, _, password = credentials.partition(":")
        sentinels = tuple(_host_and_port(host) for host in hosts.split(","))
        number = int(database or 0)
    except ValueError as error:
        raise _unreadable() from error
    if not service or number < 0 or not all(host for host, _ in sentinels):
        raise _unreadable()
    return Watched(
        sentinels=sentinels, service=service, database=number,
        username=unquote(username) or None, password=unquote(password) or None,
    )  # fmt: skip


def connect(url: str, *, tries: int = 3) -> redis.Redis:
    """A client for threads; it connects at first use. `tries` after the first, with backoff. Raises `Misconfigured`."""
    module: Any = _library()

    def pool() -> Any:
        class Pool(module.sentinel.SentinelConnectionPool):  # type: ignore[misc]  # the library is loaded here
            def disconnect(self, inuse_connections: bool = True) -> None:  # noqa: FBT001, FBT002 - the library's shape
                super().disconnect(inuse_connections)
                for sentinel in self.sentinel_manager.sentinels:
                    sentinel.close()

        return Pool

    client: redis.Redis = _client(module, url, module.retry.Retry, tries, pool)
    return client


def connect_async(url: str, *, tries: int = 0, metrics: RedisMetrics | None = None) -> redis.asyncio.Redis:
    """A client for the running event loop; see `connect`. `metrics`: where its commands count."""
    module: Any = _library().asyncio

    def pool() -> Any:
        class Pool(module.sentinel.SentinelConnectionPool):  # type: ignore[misc]  # the library is loaded here
            async def disconnect(self, inuse_connections: bool = True) -> None:  # noqa: FBT001, FBT002 - the library's shape
                await super().disconnect(inuse_connections)
                for sentinel in self.sentinel_manager.sentinels:
                    await sentinel.aclose()

        return Pool

    client: redis.asyncio.Redis = _client(module, url, module.retry.Retry, tries, pool)
    told = _told(client.execute_command, metrics or RedisMetrics.open(Catalogue.open()))
    client.execute_command = told  # type: ignore[method-assign,assignment]  # all single ones go by it
    return client


def telling(command: str) -> AbstractContextManager[Span]:
    """A step of the trace at hand; a command is told of by its name, as the rest may be a key."""
    about = {"db.system.name": "redis", "db.operation.name": command}
    return span(f"redis {command}", kind=Kind.CLIENT, attributes=about, leaf=True)


def _told(execute: Callable[..., Awaitable[Any]], metrics: RedisMetrics) -> Callable[..., Awaitable[Any]]:
    async def executed(*args: Any, **options: Any) -> Any:
        command = str(args[0])
        with telling(command), metrics.command(command):
            return await execute(*args, **options)

    return executed


@contextmanager
def translated() -> Iterator[None]:
    """Turn what the library raises into `BrokerUnavailable`."""
    error_class = _library().RedisError
    try:
        yield
    except (error_class, OSError) as error:
        raise BrokerUnavailable(f"Redis did not answer: {error}") from error


def _client(module: Any, url: str, retry: type[Retry], tries: int, pool: Callable[[], Any]) -> Any:
    """`pool`: a class of connections by way of Sentinels; the library's own leaves those to the Sentinels open at the end."""
    from redis.backoff import ExponentialWithJitterBackoff

    options: dict[str, Any] = {
        "socket_timeout": _TIMEOUT,
        "socket_connect_timeout": _CONNECT_TIMEOUT,
        "socket_keepalive": True,
        "health_check_interval": _HEALTH_CHECK,
        "retry": retry(ExponentialWithJitterBackoff(cap=1.0, base=0.1), tries),
    }
    try:
        scheme = urlsplit(url).scheme
        if scheme not in SCHEMES:
            raise _unreadable()
        if scheme != SENTINEL:
            return module.Redis.from_url(url, **options)
        service = watched(url)
        sentinel = module.sentinel.Sentinel(
            service.sentinels, sentinel_kwargs={"password": service.password, "socket_timeout": _CONNECT_TIMEOUT}, **options
        )
        return sentinel.master_for(
            service.service,
            db=service.database,
            username=service.username,
            password=service.password,
            connection_pool_class=pool(),
        )
    except ValueError as error:
        raise _unreadable() from error


def _library() -> Any:
    try:
        import redis.asyncio.retry
        import redis.asyncio.sentinel
        import redis.retry
        import redis.sentinel
    except ImportError as error:
        raise Misconfigured(
            "a Redis is configured, but its client is not installed", advice="`pip install 'diarist[fleet]'` brings it."
        ) from error
    return redis


def _host_and_port(host: str) -> tuple[str, int]:
    name, _, port = host.rpartition(":") if ":" in host else (host, "", "")
    return name.strip("[]"), int(port or _SENTINEL_PORT)


def _unreadable() -> Misconfigured:
    # The URL is not repeated: it may hold a password.
    return Misconfigured(
        "the URL of a Redis cannot be read",
        advice="DIARIST_BROKER__URL, DIARIST_CACHE__URL and DIARIST_EVENTS__URL look like redis://host:6379/0, "
        "rediss://host:6379/0 with TLS, or redis+sentinel://host:26379,host:26379/service/0.",
    )
