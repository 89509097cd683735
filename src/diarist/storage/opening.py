"""Opens the store that a location names, with credentials from the settings or from the cloud's own surroundings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from diarist.errors import Misconfigured
from diarist.settings import StorageSettings
from diarist.storage.location import Location

if TYPE_CHECKING:
    from obstore.store import (
        AzureConfig,
        AzureStore,
        ClientConfig,
        GCSConfig,
        GCSStore,
        MemoryStore,
        RetryConfig,
        S3Config,
        S3Store,
    )

    RemoteStore = S3Store | GCSStore | AzureStore | MemoryStore

_CONNECT, _SILENCE, _REQUEST = timedelta(seconds=3), timedelta(seconds=15), timedelta(seconds=60)
"""Longest wait for a connection, for the next byte, and for one request; none carries more than some megabytes."""
_PATIENCE = timedelta(seconds=15)
"""How long a request is tried again; afterwards whoever asked waits longer than a request should."""


def open_bucket(location: Location, settings: StorageSettings, *, endpoint: str = "") -> RemoteStore:
    """Open a store that is no folder; connects at first use. Raises `Misconfigured`."""
    from obstore.exceptions import BaseError
    from obstore.store import MemoryStore

    if location.kind == "memory":
        return MemoryStore()
    try:
        return _OPENERS[location.kind](location, settings, endpoint or settings.endpoint)
    except (BaseError, ValueError) as error:
        # The text may quote a value; values may be secrets.
        raise Misconfigured(
            f"DIARIST_STORAGE__URL: the {location.kind} store cannot be opened with these settings ({type(error).__name__})",
            advice="Check DIARIST_STORAGE__ENDPOINT and the credentials; docs/reference/settings.md lists them.",
        ) from None


def _s3(location: Location, settings: StorageSettings, endpoint: str) -> S3Store:
    from obstore.store import S3Store

    config: S3Config = {"region": settings.region} if settings.region else {}
    if endpoint:
        config["endpoint"] = endpoint
    if settings.access_key_id:
        config["access_key_id"] = settings.access_key_id
        config["secret_access_key"] = settings.secret_access_key.get_secret_value()
    return S3Store(
        location.bucket, prefix=location.path or None, config=config, client_options=_client(settings), retry_config=_retry()
    )


def _gs(location: Location, settings: StorageSettings, endpoint: str) -> GCSStore:
    from obstore.store import GCSStore

    config: GCSConfig = {"base_url": endpoint} if endpoint else {}
    if key := settings.secret_access_key.get_secret_value():
        config["service_account_key"] = key
    return GCSStore(
        location.bucket, prefix=location.path or None, config=config, client_options=_client(settings), retry_config=_retry()
    )


def _az(location: Location, settings: StorageSettings, endpoint: str) -> AzureStore:
    from obstore.store import AzureStore

    config: AzureConfig = {"endpoint": endpoint} if endpoint else {}
    if settings.access_key_id:
        config["account_name"] = settings.access_key_id
    if key := settings.secret_access_key.get_secret_value():
        config["account_key"] = key
    return AzureStore(
        location.bucket, prefix=location.path or None, config=config, client_options=_client(settings), retry_config=_retry()
    )


_OPENERS: dict[str, Callable[[Location, StorageSettings, str], RemoteStore]] = {"s3": _s3, "gs": _gs, "az": _az}


def _client(settings: StorageSettings) -> ClientConfig:
    return {
        "allow_http": settings.allow_http,
        "connect_timeout": _CONNECT,
        "read_timeout": _SILENCE,
        "timeout": _REQUEST,
        "user_agent": "diarist",
    }


def _retry() -> RetryConfig:
    backoff = timedelta(milliseconds=200)
    return {
        "max_retries": 100,
        "retry_timeout": _PATIENCE,
        "backoff": {"init_backoff": backoff, "max_backoff": 10 * backoff, "base": 2},
    }
