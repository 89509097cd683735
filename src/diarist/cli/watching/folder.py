"""What lies in a folder: every regular file, but for those that are plainly not finished or not meant for us."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

_UNFINISHED = (".part", ".partial", ".crdownload", ".download", ".opdownload", ".filepart", ".tmp", ".temp", ".!ut")
"""How programs end the name of a file that they have not finished."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A file as it was seen."""

    path: Path
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class View:
    """A folder as it was seen."""

    files: list[Sighting]
    closed: dict[Path, str] = field(default_factory=dict)
    """Folders that could not be looked into, each with the reason."""


def look(folder: Path, *, recursive: bool, spared: Collection[Path] = ()) -> View:
    """All that may be a recording, by path. Links are never followed, and the folders `spared` not looked into.

    Raises OSError when the folder itself cannot be looked into.
    """
    view = View([])
    _look_into(folder, view, recursive=recursive, spared=spared)
    view.files.sort(key=lambda sighting: sighting.path)
    return view


def sighting_of(path: Path) -> Sighting | None:
    """The file as it is now; None when there is no regular file any more."""
    try:
        status = path.lstat()
    except OSError:
        return None
    return Sighting(path, status.st_size, status.st_mtime_ns) if stat.S_ISREG(status.st_mode) else None


def is_unfinished(name: str) -> bool:
    """Whether a name says that the file is hidden, a backup, or not finished yet."""
    return name.startswith((".", "~")) or name.endswith("~") or name.lower().endswith(_UNFINISHED)


def _look_into(folder: Path, view: View, *, recursive: bool, spared: Collection[Path]) -> None:
    with os.scandir(folder) as entries:
        found = {entry.name: entry for entry in entries}
    # A browser puts an empty file of the final name beside the one that it writes to.
    beside = {name[: -len(ending)] for name in found for ending in _UNFINISHED if name.lower().endswith(ending)}
    for entry in _in_order(found, beside):
        path = Path(entry.path)
        if entry.is_dir(follow_symlinks=False):
            if recursive and path not in spared:
                try:
                    _look_into(path, view, recursive=True, spared=spared)
                except OSError as error:
                    view.closed[path] = error.strerror or str(error)
        elif entry.is_file(follow_symlinks=False) and (seen := sighting_of(path)):
            view.files.append(seen)


def _in_order(found: dict[str, os.DirEntry[str]], beside: Collection[str]) -> Iterator[os.DirEntry[str]]:
    return (found[name] for name in sorted(found) if not is_unfinished(name) and name not in beside)
