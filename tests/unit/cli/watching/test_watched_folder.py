import os
from pathlib import Path

import pytest

from diarist.cli.watching.folder import is_unfinished, look, sighting_of


def names(folder: Path, *, recursive: bool = False, spared: tuple[Path, ...] = ()) -> list[str]:
    return [str(seen.path.relative_to(folder)) for seen in look(folder, recursive=recursive, spared=spared).files]


@pytest.mark.parametrize("name", ["talk.mp3", "a part.mp3", "part", "tmp.mp3"])
def test_a_name_like_any_other_is_that_of_a_finished_file(name: str) -> None:
    assert not is_unfinished(name)


@pytest.mark.parametrize(
    "name", [".talk.mp3", "talk.mp3.part", "talk.mp3.crdownload", "talk.tmp", "TALK.TMP", "~talk.mp3", "talk.mp3~"]
)
def test_a_name_tells_that_a_file_is_hidden_or_not_finished(name: str) -> None:
    assert is_unfinished(name)


def test_regular_files_are_seen_with_size_and_time(tmp_path: Path) -> None:
    (tmp_path / "b.mp3").write_bytes(b"12")
    (tmp_path / "a.mp3").write_bytes(b"123")
    (tmp_path / ".hidden").write_bytes(b"1")
    os.mkfifo(tmp_path / "pipe")
    first, second = look(tmp_path, recursive=False).files
    assert (first.path.name, first.size, second.path.name) == ("a.mp3", 3, "b.mp3")
    assert first.mtime_ns == (tmp_path / "a.mp3").stat().st_mtime_ns
    assert sighting_of(first.path) == first
    assert sighting_of(tmp_path) is None
    assert sighting_of(tmp_path / "gone") is None


def test_a_file_beside_its_unfinished_twin_is_left_alone(tmp_path: Path) -> None:
    for name in ("talk.mp3", "talk.mp3.part", "other.mp3"):
        (tmp_path / name).touch()
    assert names(tmp_path) == ["other.mp3"]


def test_folders_are_looked_into_only_when_asked_and_never_when_spared(tmp_path: Path) -> None:
    for name in ("a.mp3", "deep/er/b.mp3", "done/c.mp3", ".hidden/d.mp3"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert names(tmp_path) == ["a.mp3"]
    assert names(tmp_path, recursive=True, spared=(tmp_path / "done",)) == ["a.mp3", "deep/er/b.mp3"]


def test_links_are_not_followed(tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "folder"
    outside.mkdir()
    folder.mkdir()
    (outside / "secret.mp3").touch()
    (folder / "file.mp3").symlink_to(outside / "secret.mp3")
    (folder / "folder").symlink_to(outside)
    (folder / "broken.mp3").symlink_to(tmp_path / "nothing")
    assert names(folder, recursive=True) == []
    assert sighting_of(folder / "file.mp3") is None


def test_a_folder_that_is_gone_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        look(tmp_path / "gone", recursive=True)
