"""Files that live for a moment: copies of blobs for programs that need a path. What a killed process left is swept."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from diarist.errors import StorageFull
from diarist.storage.faults import translated

_ADVICE = "Make room in the folder that DIARIST_CACHE_DIR names; each recording that is worked on is copied there for a while."


class Scratch:
    """A folder of files that are each locked by the process that uses them; several processes may share it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._swept = False

    @contextmanager
    def file(self, size: int) -> Iterator[tuple[Path, IO[bytes]]]:
        """The path and the handle of an empty file with room for `size` bytes; raises `StorageFull` or `StorageFailed`."""
        with translated():
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not self._swept:
                self._sweep()
                self._swept = True
            if shutil.disk_usage(self._folder).free < size:
                raise StorageFull(f"there is no room for a copy of {size:,} bytes in {self._folder}", advice=_ADVICE)
            path, file = self._locked()
        try:
            yield path, file
        finally:
            path.unlink(missing_ok=True)
            # What could not be flushed belongs to a file that is gone.
            with suppress(OSError):
                file.close()

    def _locked(self) -> tuple[Path, IO[bytes]]:
        """Another process may sweep a file between its making and its locking; then there is another try."""
        while True:
            descriptor, name = tempfile.mkstemp(dir=self._folder)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if os.fstat(descriptor).st_nlink:
                return Path(name), os.fdopen(descriptor, "wb")
            os.close(descriptor)

    def _sweep(self) -> None:
        """Delete the files that no process holds."""
        for path in self._folder.iterdir():
            with suppress(FileNotFoundError), path.open("rb") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    continue
                path.unlink()
