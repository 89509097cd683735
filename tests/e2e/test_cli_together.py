"""Several commands on one data directory: one works, the others say so, wait, and take over when it goes."""

import signal
from pathlib import Path

import numpy as np
import pytest

from command_line import SAMPLE, CommandLine
from made_audio import write_audio
from spoken import speak

pytestmark = pytest.mark.slow


def another_recording(folder: Path) -> Path:
    return write_audio(folder / "another.flac", np.tile(speak("Good morning. This is another day.").samples, 4), 16_000, "flac")


def test_without_anybody_at_work_no_wait_says_how_to_begin(tmp_path: Path) -> None:
    diary = CommandLine(tmp_path)
    left = diary.call("add", "--no-wait", SAMPLE, "--json")
    assert left.status == 0
    assert left.json["files"][0]["job"]["state"] == "queued"
    assert "Nobody works on it now; `diarist resume` does" in left.err
    resumed = diary.call("resume")
    assert resumed.status == 0
    assert "done in" in resumed.out


def test_while_another_process_works_it_does_the_work_and_when_it_goes_the_work_is_taken_over(tmp_path: Path) -> None:
    slow, quick = (CommandLine(tmp_path, script, PLAN__CHUNK_SECONDS="10") for script in ("speed=2", ""))
    with slow.start("add", SAMPLE) as first:
        first.wait_until_it_says("transcribe")

        left = quick.call("add", "--no-wait", another_recording(tmp_path))
        assert left.status == 0
        assert f"Process {first.pid} works on this data directory and will take it." in left.err
        assert f"process {first.pid} works" in quick.call("doctor").out

        with quick.start("resume") as watching:
            watching.wait_until_it_says("transcribe")
            first.signal(signal.SIGINT)
            assert first.end().status == 130
            watched = watching.end()
    assert watched.status == 0, watched.err
    assert watched.out.count("done in") == 2
    states = {job["state"] for job in quick.call("jobs", "--json").json["jobs"]}
    assert states == {"succeeded"}


def test_a_recording_that_is_deleted_meanwhile_ends_the_waiting(tmp_path: Path) -> None:
    diary = CommandLine(tmp_path, "speed=2")
    with diary.start("add", SAMPLE) as adding:
        adding.wait_until_it_says("transcribe")
        assert diary.call("delete", "last", "--yes").status == 0
        ended = adding.end()
    assert ended.status == 20
    assert "deleted before it was done" in ended.err
