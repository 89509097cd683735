import os
from pathlib import Path

import pytest

from diarist.cli.watching.folder import Sighting
from diarist.cli.watching.memory import Fate, Memory
from diarist.errors import StorageFailed

SEEN = Sighting(Path("/in/talk.mp3"), 10, 1)
ODD = Sighting(Path(os.fsdecode(b"/in/\xff.mp3")), 10, 1)


def test_what_became_of_a_file_outlives_the_process(tmp_path: Path) -> None:
    file = tmp_path / "data" / "watched.db"
    with Memory.open(file) as memory:
        assert memory.fate_of(SEEN) is None
        memory.remember(SEEN, Fate.TAKEN, "ab" * 32)
        memory.remember(ODD, Fate.REFUSED)
    with Memory.open(file) as memory:
        assert memory.fate_of(SEEN) is Fate.TAKEN
        assert memory.fate_of(ODD) is Fate.REFUSED
        memory.forget(SEEN)
    with Memory.open(file) as memory:
        assert memory.fate_of(SEEN) is None


def test_a_file_that_has_changed_is_a_new_one(tmp_path: Path) -> None:
    with Memory.open(tmp_path / "watched.db") as memory:
        memory.remember(SEEN, Fate.REFUSED)
        assert memory.fate_of(Sighting(SEEN.path, 11, 1)) is None
        assert memory.fate_of(Sighting(SEEN.path, 10, 2)) is None
        memory.remember(Sighting(SEEN.path, 11, 2), Fate.TAKEN)
        assert memory.fate_of(SEEN) is None


def test_a_file_that_is_no_memory_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "watched.db").write_bytes(b"no database at all, but longer than a header is" * 50)
    with pytest.raises(StorageFailed, match="not a database") as failed, Memory.open(tmp_path / "watched.db"):
        pass
    assert "may be deleted" in failed.value.advice
