"""Takes one settled file in, and moves it out of the way if that is wanted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

from diarist.cli.opening import Here
from diarist.cli.uploading import display_name, pieces
from diarist.cli.watching.folder import Sighting, sighting_of
from diarist.cli.watching.memory import Fate, Memory
from diarist.cli.watching.moving import move
from diarist.errors import Conflict, InvalidInput, StorageFailed, UnreadableFile
from diarist.recordings.service import Added, add_recording


class StillWritten(Conflict):
    """The file changed while it was read."""

    code = "still_written"
    advice = "It is taken when nobody writes to it any more."


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where files are watched for, and where they go."""

    folder: Path
    taken: Path | None
    """None leaves what was taken where it is."""
    refused: Path | None
    spared: frozenset[Path]
    """Folders that are not looked into: the two above, and our own."""

    def of(self, fate: Fate) -> Path | None:
        """Where files with this fate go."""
        return self.taken if fate is Fate.TAKEN else self.refused


async def take(
    here: Here, memory: Memory, sighting: Sighting, on_progress: Callable[[float | None], None]
) -> Added | InvalidInput:
    """Take a file in, or refuse it for good, and remember which.

    Raises `StillWritten`, `UnreadableFile`, and what may be well later; then nothing is stored, nothing remembered. Killed
    between the two it is taken in again, which finds the same bytes there already.
    """

    async def unchanged() -> AsyncIterator[bytes]:
        async for piece in pieces(sighting.path, on_progress, follow_links=False):
            yield piece
        if sighting_of(sighting.path) != sighting:
            raise StillWritten

    try:
        added = await add_recording(here.runtime, here.account_id, display_name(sighting.path), unchanged())
    except InvalidInput as error:
        if sighting_of(sighting.path) != sighting:  # what was refused was not all of it, or it has gone
            raise StillWritten from error
        if isinstance(error, UnreadableFile):
            raise
        memory.remember(sighting, Fate.REFUSED)
        return error
    memory.remember(sighting, Fate.TAKEN, added.recording.sha256)
    return added


async def put_away(memory: Memory, sighting: Sighting, places: Places, target: Path) -> Path | None:
    """Move a file that is done with to the folder `target`, below which it keeps its place; returns where it is.

    None when it has changed or gone meanwhile. Raises `StorageFailed`.
    """
    if sighting_of(sighting.path) != sighting:
        return None
    try:
        moved = await asyncio.to_thread(move, sighting.path, target / sighting.path.relative_to(places.folder))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StorageFailed(
            f"it cannot be moved to {target}: {error.strerror or error}", advice="Check that the folder may be written to."
        ) from error
    memory.forget(sighting)
    return moved
