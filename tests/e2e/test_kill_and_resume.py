"""Kill -9 at any moment, start again: it goes on where it stopped, nothing twice, nothing lost."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from command_line import rows
from waiting import until

SAMPLE = Path(__file__).parents[2] / "samples" / "tuesday_evening.opus"
PATIENCE = 120.0
"""Seconds that a run may take on a slow machine."""


class Diary:
    """A data directory and the command line that works on it."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.database = folder / "diarist.db"
        self._environment = {
            **os.environ,
            "DIARIST_DATA_DIR": str(folder),
            "DIARIST_PLAN__CHUNK_SECONDS": "10",
            **{f"DIARIST_{name}": value for name, value in settings.items()},
        }

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "diarist", *arguments]
        return subprocess.Popen(
            command, env=self._environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        )

    def run(self, *arguments: str) -> Any:
        out, err = (process := self.start(*arguments, "--json")).communicate(timeout=PATIENCE)
        assert process.returncode == 0, err
        return json.loads(out)

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        return rows(self.database, statement)

    def finished_parts(self) -> list[tuple[Any, ...]]:
        return self.query(
            "SELECT key, attempts, finished_at FROM tasks WHERE stage = 'transcribe' AND state = 'succeeded' ORDER BY key"
        )

    def transcript(self) -> Any:
        return self.run("transcript", "last", "--format", "json")


def kill_hard(process: subprocess.Popen[str]) -> None:
    """SIGKILL for the process alone: its children must find out by themselves."""
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=PATIENCE)


def wait_for(process: subprocess.Popen[str], diary: Diary, parts: int) -> None:
    until(lambda: len(diary.finished_parts()) >= parts, patience=PATIENCE, pause=0.02, process=process)


@pytest.mark.slow
def test_real_speech_killed_in_the_middle_is_finished_without_doing_anything_twice(tmp_path: Path) -> None:
    undisturbed = Diary(tmp_path / "undisturbed", ENGINE__MODEL="tiny.en")
    undisturbed.run("add", str(SAMPLE))
    diary = Diary(tmp_path / "killed", ENGINE__MODEL="tiny.en")
    process = diary.start("add", str(SAMPLE))
    wait_for(process, diary, parts=2)
    kill_hard(process)
    before = diary.finished_parts()
    diary.run("resume")
    after = diary.finished_parts()
    assert set(before) <= set(after), "a part that was done was done again"
    assert len(after) > len(before)
    assert diary.transcript()["segments"] == undisturbed.transcript()["segments"]
    assert [row[0] for row in diary.query("SELECT count(*) FROM transcripts UNION ALL SELECT count(*) FROM entries")] == [1, 1]


@pytest.mark.slow
def test_killed_again_and_again_at_random_moments_nothing_is_lost(tmp_path: Path) -> None:
    # Slower than real work would be for ten seconds of audio, so that the kills find it in every stage.
    settings = {"ENGINE__NAME": "scripted", "ENGINE__MODEL": "speed=40"}
    undisturbed = Diary(tmp_path / "undisturbed", **settings)
    undisturbed.run("add", str(SAMPLE))
    diary = Diary(tmp_path / "killed", **settings, QUEUE__MAX_CRASHES="100")
    chance = random.Random(7)
    for _ in range(6):
        process = diary.start("add", str(SAMPLE))
        time.sleep(chance.uniform(0.2, 3.0))
        kill_hard(process)
    diary.run("add", str(SAMPLE))
    assert diary.query("SELECT count(*) FROM recordings") == [(1,)]
    assert diary.query("SELECT state FROM jobs") == [("succeeded",)]
    assert diary.query("SELECT DISTINCT state FROM tasks") == [("succeeded",)]
    assert diary.transcript()["segments"] == undisturbed.transcript()["segments"]
    assert len(diary.query("SELECT 1 FROM entries")) == 1
