"""`diarist watch`: each recording in a folder is taken in once, whatever happens meanwhile."""

import json
import os
import shutil
import signal
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from command_line import SAMPLE, CommandLine, Ended, all_gone, children_of, rows
from made_audio import beep, write_audio
from waiting import until

pytestmark = pytest.mark.slow

QUICK = ("--settle", "0.3")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (folder := tmp_path / "in").mkdir()
    return folder


@pytest.fixture
def diary(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


def memo(path: Path, seconds: float) -> Path:
    """A recording that differs from those of other lengths."""
    return write_audio(path, beep(seconds, 16_000), 16_000, "pcm_s16le")


def query(diary: CommandLine, statement: str) -> list[tuple[Any, ...]]:
    return rows(diary.data_dir / "diarist.db", statement)


def recordings(diary: CommandLine) -> list[str]:
    return [name for (name,) in query(diary, "SELECT filename FROM recordings ORDER BY filename")]


def has(diary: CommandLine, wanted: int) -> bool:
    """Whether there are so many recordings, at least."""
    return len(recordings(diary)) >= wanted


def states(diary: CommandLine) -> set[str]:
    return {state for (state,) in query(diary, "SELECT state FROM jobs")}


def events(ended: Ended) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ended.out.splitlines()]


def named(found: list[dict[str, Any]], kind: str) -> list[str]:
    return [event["file"] for event in found if event["event"] == kind]


def test_what_is_there_is_taken_once_and_never_again(diary: CommandLine, folder: Path) -> None:
    memo(folder / "a.wav", 1)
    memo(folder / "b.wav", 2)
    shutil.copy(folder / "a.wav", folder / "same as a.wav")
    (folder / "notes.txt").write_text("no recording")
    (folder / "c.wav.part").write_bytes((folder / "a.wav").read_bytes())
    (folder / "deeper").mkdir()
    memo(folder / "deeper" / "d.wav", 3)
    first = diary.call("watch", folder, *QUICK, "--once", "--json")
    found = events(first)
    assert named(found, "taken") == ["a.wav", "b.wav", "same as a.wav"]
    assert [event["created"] for event in found if event["event"] == "taken"] == [True, True, False]
    assert [(event["file"], event["error"]["code"]) for event in found if event["event"] == "refused"] == [
        ("notes.txt", "unsupported_audio")
    ]
    assert sorted(event["recording"]["filename"] for event in found if event["event"] == "ended") == ["a.wav", "b.wav"]
    assert first.status == 13
    assert (states(diary), recordings(diary)) == ({"succeeded"}, ["a.wav", "b.wav"])

    again = diary.call("watch", folder, *QUICK, "--once", "--json")
    assert (again.status, again.out) == (0, "")
    (folder / "notes.txt").write_text("still no recording")
    changed = diary.call("watch", folder, *QUICK, "--once", "--recursive", "--json")
    assert named(events(changed), "refused") == ["notes.txt"]
    assert named(events(changed), "taken") == ["deeper/d.wav"]
    assert {path.name for path in folder.iterdir()} == {"a.wav", "b.wav", "same as a.wav", "notes.txt", "c.wav.part", "deeper"}


def test_what_was_taken_and_what_was_refused_is_moved_and_nothing_overwritten(diary: CommandLine, folder: Path) -> None:
    taken, refused = folder / "taken", folder / "refused"
    taken.mkdir()
    (taken / "a.wav").write_text("was here before")
    memo(folder / "a.wav", 1)
    (folder / "deeper").mkdir()
    memo(folder / "deeper" / "b.wav", 2)
    (folder / "notes.txt").write_text("no recording")
    where = ("--recursive", "--move-to", taken, "--move-refused-to", refused)
    ended = diary.call("watch", folder, *QUICK, "--once", *where)
    assert "a.wav: moved to" in ended.err
    left = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert left == {"taken/a.wav", "taken/a (2).wav", "taken/deeper/b.wav", "refused/notes.txt"}
    assert (taken / "a.wav").read_text() == "was here before"
    assert recordings(diary) == ["a.wav", "b.wav"]
    assert diary.call("watch", folder, *QUICK, "--once", *where, "--json").out == ""


def test_what_was_taken_before_is_moved_once_that_is_wanted(diary: CommandLine, folder: Path, tmp_path: Path) -> None:
    memo(folder / "a.wav", 1)
    diary.call("watch", folder, *QUICK, "--once")
    ended = diary.call("watch", folder, *QUICK, "--once", "--move-to", tmp_path / "taken", "--json")
    assert [event["event"] for event in events(ended)] == ["moved"]
    assert [path.name for path in (tmp_path / "taken").iterdir()] == ["a.wav"]


def test_a_file_is_taken_only_when_nobody_writes_to_it_any_more(diary: CommandLine, folder: Path, tmp_path: Path) -> None:
    content = memo(tmp_path / "whole.wav", 2).read_bytes()
    growing = folder / "growing.wav"
    growing.write_bytes(content[:20_000])  # a WAV in itself, by the tolerance of decoders
    with diary.start("watch", folder, "--settle", "1.5", "--json") as watching:
        memo(folder / "first.wav", 1)
        with growing.open("ab") as file:
            pieces = iter([content[at : at + 5000] for at in range(20_000, len(content), 5000)])

            def written() -> bool:
                file.write(next(pieces, b""))
                file.flush()
                return "first.wav" in recordings(diary)

            slowly = until(written)
            file.write(b"".join(pieces))
        assert slowly
        until(lambda: len(recordings(diary)) == 2 and states(diary) == {"succeeded"})
        watching.signal(signal.SIGINT)
        stopped = watching.end()
    assert stopped.status == 130
    sizes = dict(query(diary, "SELECT filename, size_bytes FROM recordings"))
    assert sizes["growing.wav"] == len(content)
    assert named(events(stopped), "taken").count("growing.wav") == 1


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_told_to_stop_it_says_how_to_go_on_and_goes_on(tmp_path: Path, folder: Path, number: signal.Signals, status: int) -> None:
    slow = CommandLine(tmp_path, "speed=4", PLAN__CHUNK_SECONDS="10")
    shutil.copy(SAMPLE, folder)
    with slow.start("watch", folder, *QUICK) as watching:
        watching.wait_until_it_says("transcribe")
        children = children_of(watching.pid)
        watching.signal(number)
        stopped = watching.end()
    assert stopped.status == status
    assert "Watching " in stopped.err
    assert "Nothing is lost" in stopped.err
    assert all_gone(children)
    diary = CommandLine(tmp_path, PLAN__CHUNK_SECONDS="10")
    assert diary.call("watch", folder, *QUICK, "--once").status == 0
    assert (recordings(diary), states(diary)) == ([SAMPLE.name], {"succeeded"})


def test_killed_at_any_moment_and_started_again_there_is_one_recording_for_each_file(tmp_path: Path, folder: Path) -> None:
    settings = {"QUEUE__MAX_CRASHES": "100"}
    diary = CommandLine(tmp_path, "speed=20", **settings)
    for number in range(6):
        memo(folder / f"{number}.wav", 1 + number)
    shutil.copy(SAMPLE, folder)
    for wanted in (0, 1, 3, 6):
        with diary.start("watch", folder, *QUICK, "--move-to", tmp_path / "taken") as watching:
            until(partial(has, diary, wanted))
            os.kill(watching.pid, signal.SIGKILL)
            watching.end()
    ended = CommandLine(tmp_path, **settings).call("watch", folder, *QUICK, "--once", "--move-to", tmp_path / "taken")
    assert ended.status == 0, ended.err
    names = sorted([*(f"{number}.wav" for number in range(6)), SAMPLE.name])
    assert (recordings(diary), states(diary)) == (names, {"succeeded"})
    assert len(query(diary, "SELECT id FROM jobs")) == len(query(diary, "SELECT id FROM entries")) == len(names)
    assert sorted(path.name for path in (tmp_path / "taken").iterdir()) == names
    assert not list(folder.iterdir())


def test_killed_before_it_could_note_what_it_took_it_finds_it_there_already(diary: CommandLine, folder: Path) -> None:
    memo(folder / "a.wav", 1)
    diary.call("watch", folder, *QUICK, "--once")
    (diary.data_dir / "watched.db").unlink()
    again = events(diary.call("watch", folder, *QUICK, "--once", "--json"))
    assert [event["created"] for event in again if event["event"] == "taken"] == [False]
    assert len(recordings(diary)) == len(query(diary, "SELECT id FROM jobs")) == 1


def test_while_another_process_works_that_one_does_the_work_and_is_replaced_when_it_goes(tmp_path: Path, folder: Path) -> None:
    slow, quick = (CommandLine(tmp_path, script, PLAN__CHUNK_SECONDS="10") for script in ("speed=2", ""))
    with slow.start("add", SAMPLE) as adding:
        adding.wait_until_it_says("transcribe")
        memo(folder / "a.wav", 1)
        with quick.start("watch", folder, *QUICK, "--once") as watching:
            watching.wait_until_it_says("taken in")
            assert f"process {adding.pid} works" in quick.call("doctor").out
            adding.signal(signal.SIGKILL)
            adding.end()
            ended = watching.end()
    assert ended.status == 0, ended.err
    assert states(quick) == {"succeeded"}


@pytest.fixture
def locked(folder: Path) -> Iterator[Path]:
    path = memo(folder / "locked.wav", 1)
    path.chmod(0)
    yield path
    path.chmod(0o600)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_cannot_be_read_is_told_of_once_and_taken_when_it_can(diary: CommandLine, folder: Path, locked: Path) -> None:
    with diary.start("watch", folder, *QUICK) as watching:
        watching.wait_until_it_says("It is tried again by itself")
        locked.chmod(0o600)
        until(lambda: recordings(diary) == ["locked.wav"])
        watching.signal(signal.SIGINT)
        assert watching.end().err.count("unreadable_file") == 1


def break_store(diary: CommandLine) -> Path:
    """Put a file where the folder of the blobs should be; returns it."""
    blobs = diary.data_dir / "blobs"
    shutil.rmtree(blobs, ignore_errors=True)
    blobs.write_text("not a folder")
    return blobs


def test_a_store_that_is_away_at_first_is_waited_for(diary: CommandLine, folder: Path) -> None:
    assert diary.call("list").status == 0
    blobs = break_store(diary)
    memo(folder / "a.wav", 1)
    with diary.start("watch", folder, *QUICK) as watching:
        watching.wait_until_it_says("It is tried again by itself")
        blobs.unlink()
        until(lambda: recordings(diary) == ["a.wav"] and states(diary) == {"succeeded"})
        watching.signal(signal.SIGINT)
        assert watching.end().status == 130


def test_a_store_that_goes_away_is_waited_for_and_told_of_once(diary: CommandLine, folder: Path) -> None:
    with diary.start("watch", folder, *QUICK, "--json") as watching:
        memo(folder / "a.wav", 1)
        until(lambda: states(diary) == {"succeeded"})
        blobs = break_store(diary)
        memo(folder / "b.wav", 2)
        memo(folder / "c.wav", 3)
        time.sleep(3)  # for several tries
        assert recordings(diary) == ["a.wav"]
        blobs.unlink()
        until(lambda: len(recordings(diary)) == 3 and states(diary) == {"succeeded"})
        watching.signal(signal.SIGINT)
        ended = watching.end()
    later = [event for event in events(ended) if event["event"] == "later"]
    assert [(event["file"], event["error"]["code"]) for event in later] == [("b.wav", "storage_failed")]


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["missing"], 16, "cannot be watched"),
        (["a.wav"], 16, "is not a folder"),
        (["in", "--move-to", "in"], 10, "cannot be moved to where they are watched for"),
        (["data/blobs"], 10, "Diarist's own"),
        (["in", "--settle", "0"], 2, "--settle"),
    ],
)
def test_what_cannot_be_watched_is_said_at_once(
    diary: CommandLine, tmp_path: Path, folder: Path, arguments: list[str], status: int, words: str
) -> None:
    memo(tmp_path / "a.wav", 1)
    (tmp_path / "data" / "blobs").mkdir(parents=True)
    given = [str(tmp_path / one) if not one.startswith("-") and one != "0" else one for one in arguments]
    ended = diary.call("watch", *given)
    assert (ended.status, words in ended.err) == (status, True), ended.err


def test_what_we_cut_ourselves_is_not_taken_for_a_recording(tmp_path: Path) -> None:
    diary = CommandLine(tmp_path / "home")
    (tmp_path / "home").mkdir()
    write_audio(tmp_path / "home" / "a.wav", np.tile(beep(1, 16_000), 3), 16_000, "pcm_s16le")
    for _ in range(2):
        assert diary.call("watch", tmp_path, *QUICK, "--once", "--recursive").status == 0
    assert recordings(diary) == ["a.wav"]
