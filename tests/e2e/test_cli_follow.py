"""`diarist follow` on this machine: it watches whoever works, and works on nothing itself."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from command_line import SAMPLE, CommandLine

pytestmark = pytest.mark.slow

UNATTENDED = "nobody works on it now"


def test_the_work_of_another_process_is_followed_to_its_end(tmp_path: Path) -> None:
    line = CommandLine(tmp_path, script="speed=30")
    assert line.call("follow").err == "Nothing is left to do.\n"
    assert line.call("add", SAMPLE, "--no-wait").status == 0
    with line.start("follow", "--json") as following:
        following.wait_until_it_says(UNATTENDED)
        assert line.run("resume").status == 0
        followed = following.end()
    assert followed.status == 0
    *moved, ended = [json.loads(one) for one in followed.out.splitlines()]
    assert {one["type"] for one in moved} == {"job.progress"}
    assert all(one["job_id"] == ended["job"]["id"] and one["live"] for one in moved)
    assert [one["fraction"] for one in moved] == sorted(one["fraction"] for one in moved)
    assert (ended["type"], ended["job"]["state"]) == ("job.ended", "succeeded")
    assert line.call("follow", "last").out.startswith(ended["entry"]["title"])


def test_who_stops_watching_stops_no_work(tmp_path: Path) -> None:
    line = CommandLine(tmp_path)
    assert line.call("add", SAMPLE, "--no-wait").status == 0
    with line.start("follow") as following:
        following.wait_until_it_says(UNATTENDED)
        following.signal(signal.SIGINT)
        ended = following.end()
    assert ended.status == 130
    assert "Stopped watching" in ended.err
    assert line.call("jobs", "--json").json["jobs"][0]["state"] == "queued"
