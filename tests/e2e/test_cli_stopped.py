"""Ctrl-C and SIGTERM at any time: it ends in good order, says how to go on, and goes on where it stopped."""

import signal
from pathlib import Path

import pytest

from command_line import SAMPLE, CommandLine, all_gone, children_of

pytestmark = pytest.mark.slow

SLOW = "speed=4"
"""A minute of audio takes long enough for whatever is to happen meanwhile."""


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopped_while_it_transcribes_it_goes_on_with_the_unfinished_part(
    tmp_path: Path, number: signal.Signals, status: int
) -> None:
    diary = CommandLine(tmp_path, SLOW, PLAN__CHUNK_SECONDS="10")
    with diary.start("add", SAMPLE) as adding:
        adding.wait_until_it_says("transcribe")
        children = children_of(adding.pid)
        assert children
        adding.signal(number)
        stopped = adding.end()
    assert stopped.status == status
    assert stopped.out == ""
    assert "`diarist resume` goes on where it stopped" in stopped.err
    assert all_gone(children)
    (job,) = diary.call("jobs", "--json").json["jobs"]
    assert job["state"] == "running"
    assert "nobody works on it" in diary.call("jobs").err
    resumed = CommandLine(tmp_path, PLAN__CHUNK_SECONDS="10").call("resume", "--json")
    assert resumed.status == 0
    assert [result["job"]["state"] for result in resumed.json["jobs"]] == ["succeeded"]
    assert diary.call("show", "last", "--json").json["counts"]["chunks"] > 2
    assert "Nothing is left to do." in diary.call("resume").err


def test_stopped_while_it_reads_nothing_is_stored_and_it_says_what_was_not_taken_in(tmp_path: Path) -> None:
    diary = CommandLine(tmp_path)
    # A pipe whose writer has stalled: it can be neither read to its end nor waited for.
    pipe, never = tmp_path / "pipe", tmp_path / "never.opus"
    import os

    os.mkfifo(pipe)
    writer = os.open(pipe, os.O_RDWR)
    os.write(writer, SAMPLE.read_bytes()[:30_000])
    with diary.start("add", pipe, never) as adding:
        adding.wait_until_it_says("pipe: add")
        adding.signal(signal.SIGINT)
        stopped = adding.end()
    os.close(writer)
    assert stopped.status == 130
    assert f"`diarist add` it again: {pipe}, {never}" in stopped.err
    assert not [path for path in (diary.data_dir / "blobs").rglob("*") if path.is_file()]
    assert diary.call("list", "--json").json == {"recordings": []}


def test_impatience_does_no_harm(tmp_path: Path) -> None:
    diary = CommandLine(tmp_path, SLOW)
    with diary.start("add", SAMPLE) as adding:
        adding.wait_until_it_says("transcribe")
        for _ in range(3):
            adding.signal(signal.SIGINT)
        assert adding.end().status == 130
    diary.call("cancel", "last")
    cancelled = diary.call("show", "last", "--json").json["job"]
    assert cancelled["state"] == "cancelled"
    again = CommandLine(tmp_path).call("retry", "last", "--json")
    assert again.status == 0
    assert again.json["jobs"][0]["job"]["state"] == "succeeded"
