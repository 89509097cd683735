"""Translates what obstore and the operating system raise, once, into our errors."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager

from diarist.errors import NotFound, StorageFailed, StorageFull, StorageRefused

_NO_BUCKET = ("NoSuchBucket", "ContainerNotFound", "bucket does not exist", "container does not exist")
_FULL = (f"os error {errno.ENOSPC}", f"os error {errno.EDQUOT}", "507 Insufficient Storage", "QuotaExceeded", "StorageFull")
"""obstore has no class for a full store; its text carries the operating system's error number or the server's answer."""
_METADATA = ("169.254.169.254", "metadata.google.internal")
"""Where a machine of a cloud asks for its own credentials."""
_BAD_SCHEME = "BadScheme"
_QUERY = re.compile(r"(https?://[^\s?]*)\?[^\s,]*")


@contextmanager
def translated() -> Iterator[None]:
    """Raise `NotFound`, `StorageFull`, `StorageRefused` or `StorageFailed` for what went wrong inside."""
    from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError

    try:
        yield
    except FileNotFoundError as error:
        if any(word in str(error) for word in _NO_BUCKET):
            advice = "Make the bucket, or correct DIARIST_STORAGE__URL."
            raise StorageRefused("there is no such bucket", advice=advice) from error
        raise NotFound("the audio is not in the blob store") from error
    except BaseError as error:
        text = str(error)
        if any(word in text for word in _FULL):
            raise StorageFull from error
        if isinstance(error, PermissionDeniedError | UnauthenticatedError) and "os error" not in text:
            raise StorageRefused(f"the store refuses our key: {_reason(text)}") from error
        if any(address in text for address in _METADATA):
            raise StorageRefused("there are no credentials for the store") from error
        if _BAD_SCHEME in text:
            advice = "Use https, or set DIARIST_STORAGE__ALLOW_HTTP=true inside a network that you trust."
            raise StorageRefused("the store is asked by plain http, which is not allowed", advice=advice) from error
        raise StorageFailed(_reason(text)) from error
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StorageFull from error
        raise StorageFailed(f"{error.strerror or error}: {error.filename or ''}") from error


def _reason(text: str) -> str:
    """The first line, without the queries of URLs: they may hold signatures."""
    return _QUERY.sub(r"\1", text.partition("\n")[0].partition(": <?xml")[0])
