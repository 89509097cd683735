"""Moves a file out of the way without ever overwriting another."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path


def move(source: Path, target: Path) -> Path:
    """Move to `target`, or to the first free name such as `talk (2).mp3`; returns where it is. Raises OSError.

    The name is reserved by an empty file first: two who move at once get two names.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    for name in _names(target):
        try:
            os.close(os.open(name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            continue
        try:
            _replace(source, name)
        except BaseException:
            name.unlink(missing_ok=True)
            raise
        return name
    raise AssertionError  # pragma: no cover - there is no last number


def _names(target: Path) -> Iterator[Path]:
    yield target
    for number in count(2):
        yield target.with_name(f"{target.stem} ({number}){target.suffix}")


def _replace(source: Path, reserved: Path) -> None:
    try:
        source.replace(reserved)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        copy_over(source, reserved)


def copy_over(source: Path, reserved: Path) -> None:
    """Move between file systems: the target is whole and on the disk before the source goes."""
    partial = reserved.with_name(f".{reserved.name}.part")
    try:
        shutil.copy2(source, partial, follow_symlinks=False)
        with partial.open("rb") as copied:
            os.fsync(copied.fileno())
        partial.replace(reserved)
    finally:
        partial.unlink(missing_ok=True)
    source.unlink()
