"""Puts together what `diarist watch` works with, and watches."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from diarist.cli.interruption import Interruption
from diarist.cli.opening import settings_in_force
from diarist.cli.waiting import Wait
from diarist.cli.watching.following import follow
from diarist.cli.watching.memory import Memory
from diarist.cli.watching.rounds import Rounds
from diarist.cli.watching.taking import Places
from diarist.cli.watching.telling import Teller
from diarist.errors import InvalidInput, UnreadableFile
from diarist.settings import Settings

FILE = "watched.db"
"""In the data directory: what became of files."""


def watch_folder(
    folder: Path, *, recursive: bool, settle: float, once: bool, taken: Path | None, refused: Path | None, as_json: bool
) -> int:
    """Watch a folder; returns the exit status. `settle` in seconds."""
    settings, wait = settings_in_force(), Wait()
    places = _places(folder, taken, refused, own=_own(settings))
    teller = Teller(places.folder, wait, as_json)
    with Interruption() as interruption, Memory.open(settings.data_dir / FILE) as memory:
        if not once:
            teller.watching()
        rounds = Rounds(places=places, recursive=recursive, settle=settle, once=once, memory=memory, teller=teller, wait=wait)
        return follow(settings, interruption, rounds)


def _places(folder: Path, taken: Path | None, refused: Path | None, own: Sequence[Path]) -> Places:
    try:
        watched = folder.resolve(strict=True)
    except (OSError, RuntimeError) as error:  # the latter for links that go in circles
        raise UnreadableFile(f"{folder} cannot be watched: {error}") from error
    if not watched.is_dir():
        raise UnreadableFile(f"{folder} is not a folder", advice="`diarist add` takes single files in.")
    if any(watched.is_relative_to(one) for one in own):
        raise InvalidInput(f"{folder} is Diarist's own", advice="Watch a folder outside of the data directory.")
    moved = [place.resolve() if place else None for place in (taken, refused)]
    if watched in moved:
        raise InvalidInput("files cannot be moved to where they are watched for", advice="Name another folder to move them to.")
    return Places(folder=watched, taken=moved[0], refused=moved[1], spared=frozenset(own) | frozenset(filter(None, moved)))


def _own(settings: Settings) -> list[Path]:
    """Folders of ours: the chunks that we cut are recordings too, and would be taken in for ever."""
    storage = urlsplit(settings.storage_url)
    blobs = [Path(unquote(storage.path))] if storage.scheme == "file" else []
    return [path.resolve() for path in (settings.data_dir, *blobs)]
