import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from diarist.cli.watching.moving import copy_over, move


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def given(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_nothing_is_ever_overwritten(tmp_path: Path) -> None:
    target = tmp_path / "done" / "talk.tar.gz"
    moved = [move(given(tmp_path / "in" / "talk.tar.gz", bytes([number])), target).name for number in range(3)]
    assert moved == ["talk.tar.gz", "talk.tar (2).gz", "talk.tar (3).gz"]
    assert contents(tmp_path) == {f"done/{name}": bytes([number]) for number, name in enumerate(moved)}


def test_many_at_once_get_a_name_each(tmp_path: Path) -> None:
    sources = [given(tmp_path / "in" / str(number) / "talk.mp3", bytes([number])) for number in range(20)]
    with ThreadPoolExecutor(8) as threads:
        moved = list(threads.map(lambda source: move(source, tmp_path / "done" / "talk.mp3"), sources))
    assert len(set(moved)) == 20
    assert sorted(contents(tmp_path / "done").values()) == [bytes([number]) for number in range(20)]
    assert not any(source.exists() for source in sources)


def test_what_cannot_be_moved_leaves_no_empty_name(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        move(tmp_path / "gone", tmp_path / "done" / "talk.mp3")
    assert contents(tmp_path) == {}


def test_between_file_systems_the_copy_is_whole_before_the_source_goes(tmp_path: Path) -> None:
    source = given(tmp_path / "in" / "talk.mp3", b"sound" * 1000)
    os.utime(source, (1, 1))
    reserved = given(tmp_path / "done" / "talk.mp3", b"")
    copy_over(source, reserved)
    assert contents(tmp_path) == {"done/talk.mp3": b"sound" * 1000}
    assert reserved.stat().st_mtime == 1
    with pytest.raises(FileNotFoundError):
        copy_over(source, reserved)
    assert contents(tmp_path) == {"done/talk.mp3": b"sound" * 1000}


@pytest.mark.skipif(not os.path.ismount("/dev/shm"), reason="there is no other file system here")  # noqa: S108
def test_to_another_file_system_it_moves_as_well(tmp_path: Path) -> None:
    other = Path("/dev/shm") / f"diarist-{os.getpid()}"  # noqa: S108
    source = given(tmp_path / "talk.mp3", b"sound")
    try:
        assert move(source, other / "talk.mp3").read_bytes() == b"sound"
        assert contents(tmp_path) == {}
        assert [*contents(other)] == ["talk.mp3"]
    finally:
        (other / "talk.mp3").unlink(missing_ok=True)
        other.rmdir()
