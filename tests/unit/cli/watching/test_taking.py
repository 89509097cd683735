"""What is taken in is the whole file, and what was not is left for later."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from diarist.cli.opening import Here, opened
from diarist.cli.watching.folder import Sighting, sighting_of
from diarist.cli.watching.memory import Fate, Memory
from diarist.cli.watching.taking import StillWritten, take
from diarist.errors import UnsupportedAudio
from diarist.recordings.service import Added
from diarist.settings import Settings
from made_audio import beep, write_audio


@pytest.fixture
async def here(settings: Settings) -> AsyncIterator[Here]:
    async with opened(settings) as here:
        yield here


def seen(path: Path) -> Sighting:
    sighting = sighting_of(path)
    assert sighting
    return sighting


def ignore(_fraction: float | None) -> None:
    pass


async def test_a_recording_is_taken_and_what_is_none_is_refused_and_both_are_remembered(here: Here, tmp_path: Path) -> None:
    memo = seen(write_audio(tmp_path / "a.wav", beep(1, 16_000), 16_000, "pcm_s16le"))
    (tmp_path / "notes.txt").write_text("no recording")
    notes = seen(tmp_path / "notes.txt")
    with Memory.open(tmp_path / "watched.db") as memory:
        taken = await take(here, memory, memo, ignore)
        assert isinstance(taken, Added)
        assert isinstance(await take(here, memory, notes, ignore), UnsupportedAudio)
        assert (memory.fate_of(memo), memory.fate_of(notes)) == (Fate.TAKEN, Fate.REFUSED)


@pytest.mark.parametrize("change", ["grows", "goes", "is replaced by a link"])
async def test_a_file_that_changes_while_it_is_read_is_neither_taken_nor_refused(here: Here, tmp_path: Path, change: str) -> None:
    path = write_audio(tmp_path / "a.wav", beep(1, 16_000), 16_000, "pcm_s16le")
    sighting = seen(path)

    def meanwhile(_fraction: float | None) -> None:
        if sighting_of(path) != sighting:
            return  # that was the first piece; the file must have an end
        if change == "grows":
            with path.open("ab") as file:
                file.write(b"more")
            return
        path.rename(tmp_path / "elsewhere.wav")
        if change == "is replaced by a link":
            path.symlink_to(tmp_path / "elsewhere.wav")

    with Memory.open(tmp_path / "watched.db") as memory:
        with pytest.raises(StillWritten):
            await take(here, memory, sighting, meanwhile)
        assert memory.fate_of(sighting) is None
    assert not [file for file in here.runtime.settings.data_dir.rglob("original") if file.is_file()]


async def test_a_link_that_took_the_place_of_a_file_is_not_followed(here: Here, tmp_path: Path) -> None:
    path = write_audio(tmp_path / "a.wav", beep(1, 16_000), 16_000, "pcm_s16le")
    sighting = seen(path)
    path.rename(tmp_path / "elsewhere.wav")
    path.symlink_to(tmp_path / "elsewhere.wav")
    read: list[float | None] = []
    with Memory.open(tmp_path / "watched.db") as memory, pytest.raises(StillWritten):
        await take(here, memory, sighting, read.append)
    assert read == []
