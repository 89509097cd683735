"""The command line from a file to its entry and back to nothing: what it prints for people, and for machines."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from command_line import SAMPLE, CommandLine

pytestmark = pytest.mark.slow

ODD_NAME = "we ird 😀\nname.opus"
SHOWN_NAME = "we ird 😀\N{REPLACEMENT CHARACTER}name.opus"


@pytest.fixture(scope="module")
def diary(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """With one recording, whose name has a space, an emoji and a newline."""
    folder = tmp_path_factory.mktemp("cli") / "diary"
    odd = folder / ODD_NAME
    folder.mkdir()
    odd.write_bytes(SAMPLE.read_bytes())
    line = CommandLine(folder)
    added = line.run("add", odd)
    assert added.status == 0, added.err
    assert SHOWN_NAME in added.out
    assert "done in" in added.out
    assert re.search(r"diarist entry [0-9a-f]{8}\b", added.out)
    return line


@pytest.fixture(scope="module")
def recording(diary: CommandLine) -> Any:
    (only,) = diary.call("list", "--json").json["recordings"]
    return only


def test_list_tells_id_length_state_name_and_title(diary: CommandLine, recording: Any) -> None:
    listed = diary.call("list")
    assert listed.status == 0
    assert listed.err == ""
    row = listed.out.splitlines()[1]
    for part in (recording["id"][-8:], "0:59", "succeeded", SHOWN_NAME, recording["entry"]["title"]):
        assert part in row


def test_jobs_are_listed(diary: CommandLine, recording: Any) -> None:
    (job,) = diary.call("jobs", "--json").json["jobs"]
    assert job["id"] == recording["job"]["id"]
    assert job["state"] == "succeeded"
    assert job["progress"]["fraction"] == 1.0
    row = diary.call("jobs").out.splitlines()[1]
    assert row.startswith(job["id"][-8:])
    assert "100%" in row


def test_show_tells_what_is_known_by_any_of_the_ids(diary: CommandLine, recording: Any) -> None:
    documents = [diary.call("show", typed, "--json").json for typed in ("last", recording["id"], recording["job"]["id"][-6:])]
    assert documents[0] == documents[1] == documents[2]
    assert documents[0]["recording"]["filename"] == SHOWN_NAME
    assert documents[0]["counts"]["words"] > 50
    assert documents[0]["counts"]["chunks"] == documents[0]["counts"]["chunks_done"]
    shown = diary.call("show", recording["id"][-4:].upper()).out
    for part in (recording["id"], SHOWN_NAME, "opus in ogg", "0:59", "succeeded", "scripted counting"):
        assert part in shown


def test_transcript_can_be_read_and_written_in_every_format(diary: CommandLine) -> None:
    document = diary.call("transcript", "last", "--json").json
    assert diary.call("transcript", "last", "--format", "json").json == document
    lines = diary.call("transcript", "last").out.splitlines()
    assert [line.split(maxsplit=1)[1] for line in lines] == [segment["text"] for segment in document["segments"]]
    assert all(re.match(r" *\d+:\d\d  ", line) for line in lines)
    assert diary.call("transcript", "last", "--format", "txt").out.splitlines() == [part["text"] for part in document["segments"]]
    assert diary.call("transcript", "last", "-f", "srt").out.startswith("1\n00:00:0")
    assert diary.call("transcript", "last", "-f", "vtt").out.startswith("WEBVTT\n\n00:00:0")


def test_a_file_gets_the_format_that_its_ending_names(diary: CommandLine, tmp_path: Path) -> None:
    document = diary.call("transcript", "last", "--json").json
    for ending, beginning in (
        ("srt", b"1\n00:00:0"),
        ("md", b"---\ntitle: "),
        ("docx", b"PK"),
        ("pdf", b"%PDF-"),
        ("json", b"{\n"),
    ):
        written = diary.call("transcript", "last", "--output", tmp_path / f"memo.{ending}")
        assert (written.status, written.out) == (0, ""), written.err
        assert (tmp_path / f"memo.{ending}").read_bytes().startswith(beginning)
    assert json.loads((tmp_path / "memo.json").read_bytes()) == document
    assert diary.call("transcript", "last", "-o", tmp_path / "memo", "-f", "txt").status == 0
    assert (tmp_path / "memo").read_text(encoding="utf-8").splitlines() == [part["text"] for part in document["segments"]]
    narrow = diary.call("transcript", "last", "-f", "srt", "--max-line-length", "16", "--max-lines", "1").out
    assert [len(block.splitlines()) for block in narrow.split("\n\n")] == [3] * (narrow.count("\n\n") + 1)


def test_a_file_that_cannot_be_made_is_told_with_what_helps(diary: CommandLine, tmp_path: Path) -> None:
    for place, told in (("memo.odt", "txt, srt, vtt"), ("no/memo.md", "cannot be written")):
        refused = diary.call("transcript", "last", "--output", tmp_path / place)
        assert refused.status == 10
        assert told in refused.err
    assert diary.call("transcript", "last", "-f", "srt", "--max-lines", "9").status == 2


def test_an_entry_is_written_as_its_ending_says(diary: CommandLine, tmp_path: Path) -> None:
    title = diary.call("entry", "last", "--json").json["entry"]["title"]
    for ending, beginning in (("md", b"---\ntitle: "), ("docx", b"PK"), ("pdf", b"%PDF-")):
        assert diary.call("entry", "last", "-o", tmp_path / f"entry.{ending}").status == 0
        assert (tmp_path / f"entry.{ending}").read_bytes().startswith(beginning)
    assert f"# {title}\n" in diary.call("entry", "last", "-f", "md").out
    assert diary.call("entry", "last", "-o", tmp_path / "entry.srt").status == 10


def test_entry_names_the_second_of_each_sentence(diary: CommandLine) -> None:
    document = diary.call("entry", "last", "--json").json["entry"]
    page = diary.call("entry", "last").out
    assert page.startswith(document["title"])
    assert document["composed_by"] in page
    assert document["sentences"]
    for sentence in document["sentences"]:
        start = int(sentence["citations"][0]["start"])
        assert re.search(rf"\[{start // 60}:{start % 60:02d}\].*{re.escape(sentence['text'])}", page)


def test_the_same_file_again_is_the_same_recording(diary: CommandLine, recording: Any) -> None:
    (again,) = diary.call("add", "--json", SAMPLE).json["files"]
    assert not again["created"]
    assert again["recording"]["id"] == recording["id"]


def test_what_is_done_can_be_neither_retried_nor_cancelled(diary: CommandLine) -> None:
    for command in ("retry", "cancel"):
        refused = diary.call(command, "last", "--json")
        assert refused.status == 21
        assert refused.json["error"]["code"] == "conflict"


def test_unknown_ids_are_not_found(diary: CommandLine) -> None:
    for command in ("show", "transcript", "entry", "retry", "cancel", "delete"):
        refused = diary.call(command, "00000000")
        assert refused.status == 20, command
        assert refused.out == ""
        assert "(not_found)" in refused.err


def test_no_colour_and_no_control_sequences_where_nobody_looks(diary: CommandLine) -> None:
    for command in (["list"], ["show", "last"], ["entry", "last"], ["transcript", "last"], ["doctor"]):
        ended = diary.call(*command)
        assert "\x1b" not in ended.out + ended.err
        assert all(line == line.rstrip() for line in ended.out.splitlines())


def test_delete_asks_and_without_anybody_to_ask_refuses(tmp_path: Path) -> None:
    diary = CommandLine(tmp_path / "diary")
    diary.data_dir.parent.mkdir()
    assert diary.run("add", "-", given=SAMPLE.read_bytes()).status == 0
    assert diary.run("delete", "last").status == 10
    assert len(diary.call("list", "--json").json["recordings"]) == 1
    assert diary.call("delete", "last", "--yes").status == 0
    assert diary.call("list", "--json").json == {"recordings": []}
    assert not [path for path in (diary.data_dir / "blobs").rglob("*") if path.is_file()]
    assert diary.call("show", "last").status == 20
