"""An entry in its owner's words: by an editor, by options, by a sheet that is piped in; nothing that was written is lost."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from command_line import SAMPLE, CommandLine, Ended

pytestmark = pytest.mark.slow

SAID = "I walked to the mill with Anna. It rained the whole way and we were soaked. We laughed a lot."
OWN = "It poured, and we did not mind."


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a diary of one entry, to be copied."""
    folder = tmp_path_factory.mktemp("written")
    added = CommandLine(folder, script=f"say={SAID}").run("add", SAMPLE)
    assert added.status == 0, added.err
    return folder


@pytest.fixture
def diary(written: Path, tmp_path: Path) -> CommandLine:
    shutil.copytree(written / "data", tmp_path / "data")
    return CommandLine(tmp_path, script=f"say={SAID}")


def entry(diary: CommandLine) -> Any:
    return diary.call("entry", "last", "--json").json["entry"]


def texts(diary: CommandLine) -> list[tuple[str, bool]]:
    return [(one["text"], one["edited"]) for one in entry(diary)["sentences"]]


def editing(diary: CommandLine, tmp_path: Path, script: str) -> Ended:
    """Edit with an editor that does what the shell script says to the file `$1`."""
    editor = tmp_path / "an editor.sh"
    editor.write_text(f"#!/bin/sh\n{script}\n")
    editor.chmod(0o700)
    return diary.at_terminal("edit", "last", EDITOR=f"'{editor}'", VISUAL="")


def kept(diary: CommandLine) -> list[Path]:
    return sorted((diary.data_dir / "edits").glob("*"))


def test_what_is_changed_in_the_editor_is_a_new_version_that_outlasts_composing(diary: CommandLine, tmp_path: Path) -> None:
    before = texts(diary)
    ended = editing(diary, tmp_path, f"sed -i 's/^2[.] .*/2. {OWN}/' \"$1\"")

    assert ended.status == 0, ended.err
    assert "Stored as version 2. 1 sentence in your own words stays" in ended.err
    assert texts(diary) == [before[0], (OWN, True), *before[2:]]
    assert kept(diary) == []
    assert diary.run("compose", "last").status == 0
    assert (entry(diary)["version"], texts(diary)) == (3, [before[0], (OWN, True), *before[2:]])


@pytest.mark.parametrize("script", ["true", ': > "$1"'])
def test_who_changes_nothing_or_empties_the_sheet_stores_nothing(diary: CommandLine, tmp_path: Path, script: str) -> None:
    ended = editing(diary, tmp_path, script)

    assert (ended.status, "Nothing was changed." in ended.err) == (0, True)
    assert (entry(diary)["version"], kept(diary)) == (1, [])


def test_what_cannot_be_matched_is_kept_and_can_be_stored_once_it_is_mended(diary: CommandLine, tmp_path: Path) -> None:
    ended = editing(diary, tmp_path, f"sed -i 's/^2[.] .*/{OWN}/' \"$1\"")

    assert ended.status == 10
    assert "has no number" in ended.err
    [sheet] = kept(diary)
    assert f"diarist edit {entry(diary)['recording_id'][-8:]} < " in ended.err
    assert (str(sheet) in ended.err, sheet.stat().st_mode & 0o077, entry(diary)["version"]) == (True, 0, 1)
    again = editing(diary, tmp_path, "true")
    assert (again.status, "was not stored" in again.err, kept(diary)) == (10, True, [sheet])

    sheet.write_text(sheet.read_text().replace(f"\n{OWN}", f"\n2. {OWN}"))
    assert diary.run("edit", "last", given=sheet.read_bytes()).status == 0
    assert (texts(diary)[1], kept(diary)) == ((OWN, True), [])
    stale = diary.run("edit", "last", given=b"# entry 019a0c60-11b2-7c55-a0f3-1c2d3e4f5a6b, version 1\n")
    assert (stale.status, "newer" in stale.err) == (21, True)


def test_an_editor_that_fails_or_is_not_there_leaves_all_as_it_is(diary: CommandLine, tmp_path: Path) -> None:
    assert editing(diary, tmp_path, "exit 3").status == 10
    missing = diary.at_terminal("edit", "last", VISUAL=os.fspath(tmp_path / "nothing"))
    assert (missing.status, "cannot be started" in missing.err) == (50, True)
    assert (entry(diary)["version"], kept(diary)) == (1, [])


def test_machines_name_the_sentence(diary: CommandLine) -> None:
    count = len(texts(diary))
    stored = diary.run("edit", "last", "-s", "2", "-t", "-", "-s", "1", "-t", "A walk.", "--json", given=OWN.encode())

    assert [one["text"] for one in stored.json["entry"]["sentences"]][:2] == ["A walk.", OWN]
    assert diary.call("edit", "last", "-s", "1", "-t", " A  walk. ").err == "Nothing was changed.\n"
    for arguments in (("-s", "1"), ("-s", "1", "-t", "x", "-s", "1", "-t", "y"), ("-s", str(count + 1), "-t", "x")):
        assert diary.call("edit", "last", *arguments).status == 10
    assert entry(diary)["version"] == 2
