"""Commands at a server that DIARIST_API_URL names: the words, shapes and statuses that they have on this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from command_line import SAMPLE, CommandLine
from server_process import ServerProcess

GONE = "019a0c5e-7a3f-71d2-9b0c-6a3f0f0b8e11"


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandLine]:
    """At a server with workers, in a process of its own for what it logs; nothing may be written to the data directory here."""
    folder = tmp_path_factory.mktemp("remote")
    server = ServerProcess(folder / "server", ENGINE__MODEL="auto", LOG__LEVEL="error", CACHE_DIR=str(folder / "cache"))
    try:
        line = CommandLine(folder, API_URL=server.url())
        yield line
        assert not line.data_dir.exists()
    finally:
        server.process.kill()
        server.process.communicate()


@pytest.fixture(scope="module")
def added(line: CommandLine) -> Any:
    """What `diarist add` tells of the sample."""
    told = line.call("add", SAMPLE, "--json", "--vocabulary", "Anna")
    assert told.status == 0, told.err
    return told.json["files"][0]


def test_add_uploads_waits_and_tells_what_came_of_it(line: CommandLine, added: Any) -> None:
    assert added.keys() == {"file", "created", "recording", "job", "entry"}
    assert added["job"]["state"] == added["recording"]["job"]["state"] == "succeeded"
    assert added["entry"]["sentences"]
    again = line.call("add", SAMPLE)
    assert again.status == 0
    assert "was there already" in again.err
    assert added["entry"]["title"] in again.out
    assert f"diarist entry {added['recording']['id'][-8:]}" in again.out


def test_add_reads_stdin(line: CommandLine, another: bytes) -> None:
    told = line.run("add", "-", "--no-wait", "--json", given=another)
    assert told.status == 0, told.err
    assert told.json["files"][0]["recording"]["filename"] == "stdin"


def test_add_goes_on_after_a_file_that_is_refused(line: CommandLine, tmp_path: Path, memo: Path) -> None:
    empty = tmp_path / "empty.wav"
    empty.touch()
    told = line.call("add", empty, tmp_path / "missing.wav", memo, "--json")
    first, second, third = told.json["files"]
    assert (first["error"]["code"], second["error"]["code"]) == ("empty_file", "unreadable_file")
    assert third["job"]["state"] == "succeeded"
    assert told.status == 11


def test_lists_tell_what_is_there(line: CommandLine, added: Any) -> None:
    short = added["recording"]["id"][-8:]
    row = next(row for row in line.call("list", "-n", "50").out.splitlines() if row.startswith(short))
    for part in ("0:59", "succeeded", SAMPLE.name, added["entry"]["title"]):
        assert part in row
    listed = {one["id"]: one for one in line.call("list", "-n", "50", "--json").json["recordings"]}
    assert listed[added["recording"]["id"]]["entry"] == added["entry"]
    jobs = line.call("jobs", "-n", "50").out
    assert next(row for row in jobs.splitlines() if row.startswith(added["job"]["id"][-8:])).endswith(f"100%  {SAMPLE.name}")
    tasks = line.call("tasks", short, "--json").json["tasks"]
    assert {task["state"] for task in tasks} == {"succeeded"}


def test_show_draws_the_same_by_any_of_the_ids(line: CommandLine, added: Any) -> None:
    recording, job = added["recording"]["id"], added["job"]["id"]
    documents = [line.call("show", typed, "--json").json for typed in (recording, recording[-8:], job, job[-6:])]
    assert all(document == documents[0] for document in documents)
    assert documents[0]["recording"] == added["recording"]
    assert documents[0]["coverage"]["spans"]
    told = line.call("show", recording).out
    for part in (recording, "transcribed", "trust", "1 channel"):
        assert part in told
    assert " 1 segments" not in told


def test_transcripts_are_read_and_written_as_files(line: CommandLine, added: Any, tmp_path: Path) -> None:
    ident = added["recording"]["id"]
    assert line.call("transcript", ident).out.startswith("0:0")
    assert line.call("transcript", ident, "--json").json["segments"]
    for form, begin in (("srt", "1\n00:00:"), ("vtt", "WEBVTT"), ("md", "---")):
        output = tmp_path / f"sample.{form}"
        assert line.call("transcript", ident, "-o", output).status == 0
        assert output.read_text().startswith(begin)


def test_entries_are_read(line: CommandLine, added: Any) -> None:
    ident = added["recording"]["id"]
    page = line.call("entry", ident)
    assert page.out.startswith(added["entry"]["title"])
    assert line.call("entry", ident, "--json").json["entry"] == added["entry"]
    assert "no files of single entries" in line.call("entry", ident, "--format", "md").err


def test_work_is_done_once_more_and_followed(line: CommandLine, added: Any) -> None:
    ident = added["recording"]["id"]
    told = line.call("retry", ident, "--stage", "compose", "--json")
    assert told.status == 0, told.err
    assert told.json["jobs"][0]["entry"]["version"] > added["entry"]["version"]
    followed = line.call("follow", ident, "--json")
    assert followed.status == 0
    lines = [json.loads(one) for one in followed.out.splitlines()]
    assert lines[-1]["type"] == "job.ended"
    assert lines[-1]["job"]["state"] == "succeeded"
    assert line.call("follow", ident).out.startswith(lines[-1]["entry"]["title"])
    assert line.call("cancel", ident).status == 21


def test_what_failed_ends_with_the_status_of_its_error(line: CommandLine, tmp_path: Path) -> None:
    broken = tmp_path / "broken.wav"
    broken.write_bytes(SAMPLE.read_bytes()[:200])
    told = line.call("add", broken, "--json")
    job = told.json["files"][0].get("job")
    assert told.status in range(10, 18), told.out
    if job:
        followed = line.call("follow", job["id"])
        assert followed.status == told.status
        assert "diarist retry" in followed.err


def test_a_recording_is_deleted(line: CommandLine, another: bytes, tmp_path: Path) -> None:
    file = tmp_path / "short.wav"
    file.write_bytes(another)
    ident = line.call("add", file, "--no-wait", "--json").json["files"][0]["recording"]["id"]
    assert line.call("delete", ident).status == 10
    assert line.call("delete", ident, "--yes", "--json").json == {"deleted": ident}
    assert line.call("show", ident).status == 20


def test_what_is_not_there_is_not_found(line: CommandLine, added: Any) -> None:
    assert line.call("show", GONE).status == 20
    assert line.call("follow", "ffffffff").status == 20


def test_commands_that_cannot_do_it_there_do_not_do_it_here(line: CommandLine, tmp_path: Path) -> None:
    refused = line.call("watch", tmp_path, "--once")
    assert refused.status == 50
    assert "unset DIARIST_API_URL" in refused.err


def test_operators_are_told_that_they_work_here(tmp_path: Path) -> None:
    here = CommandLine(tmp_path, API_URL="http://127.0.0.1:9")
    told = here.call("db", "current")
    assert "works on the database of this machine" in told.err
    assert "DIARIST_API_URL" not in here.call("plugins").err


def test_a_server_that_is_away_is_unavailable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diarist.client.clients.Retries", lambda: __import__("diarist.client").client.Retries(tries=1))
    told = CommandLine(tmp_path, API_URL="http://127.0.0.1:9").call("list")
    assert told.status == 40
    assert "cannot be reached" in told.err
