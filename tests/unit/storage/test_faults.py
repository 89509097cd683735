import errno
import os
from pathlib import Path

import pytest
from obstore.exceptions import GenericError, PermissionDeniedError

from diarist.errors import DiaristError, NotFound, StorageFailed, StorageFull, StorageRefused
from diarist.storage.faults import translated


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (FileNotFoundError("Object at location a not found: <Code>NoSuchKey</Code>"), NotFound),
        (FileNotFoundError("Object at location a not found: <Code>NoSuchBucket</Code>"), StorageRefused),
        (PermissionDeniedError("403 Forbidden: <Code>SignatureDoesNotMatch</Code>"), StorageRefused),
        (PermissionDeniedError("Unable to open file: Permission denied (os error 13)"), StorageFailed),
        (GenericError("error performing GET http://169.254.169.254/latest/api/token"), StorageRefused),
        (GenericError("HTTP error: builder error\nsource: BadScheme"), StorageRefused),
        (GenericError(f"Unable to write: os error {errno.ENOSPC}"), StorageFull),
        (GenericError("Server returned non-2xx status code: 507 Insufficient Storage"), StorageFull),
        (GenericError("error sending request"), StorageFailed),
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), StorageFull),
        (OSError(errno.EIO, os.strerror(errno.EIO)), StorageFailed),
    ],
)
def test_each_fault_has_its_error(raised: Exception, expected: type[DiaristError]) -> None:
    with pytest.raises(DiaristError) as caught, translated():
        raise raised
    assert type(caught.value) is expected
    assert caught.value.__cause__ is raised


def test_what_is_signed_is_not_repeated() -> None:
    with pytest.raises(StorageFailed) as caught, translated():
        raise GenericError("error performing PUT https://store/a?sig=secret&se=1, after 3 retries\nmore")
    assert caught.value.message == "error performing PUT https://store/a, after 3 retries"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_disk_without_room_says_so() -> None:
    with pytest.raises(StorageFull), translated(), Path("/dev/full").open("wb", buffering=0) as full:
        full.write(b"x")
