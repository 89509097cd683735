"""The examples of docs/how-to/use-other-tools-clients.md, run as they stand there."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from diarist.settings import EngineSettings, Settings
from served import worked_for

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/how-to/use-other-tools-clients.md").read_text()
HERE = "http://127.0.0.1:8000"
FETCHED = "example.org"
"""What a test must not ask for."""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("page")
    engine = EngineSettings(name="scripted", model="say=I called Anna.; language=en")
    settings = Settings(data_dir=folder / "data", cache_dir=folder / "cache", engine=engine)
    with worked_for(settings) as client:
        yield client


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copyfile(ROOT / "samples" / "tuesday_evening.opus", tmp_path / "tuesday.opus")
    return tmp_path


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_the_programs_run(client: httpx.Client, folder: Path) -> None:
    program = "\n".join(blocks("python")).replace(HERE, str(client.base_url).rstrip("/"))
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith("I called Anna.")
    assert re.fullmatch(r" +\d+\.\d\d I", lines[1])
    assert "whisper-1" in lines
    assert lines[-1].startswith("I called Anna.")


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize(
    "command",
    [line.removeprefix("$ ") for block in blocks("console") for line in block.splitlines() if FETCHED not in line],
)
def test_the_commands_are_answered(client: httpx.Client, folder: Path, command: str) -> None:
    name, *arguments = shlex.split(command.replace(HERE, str(client.base_url).rstrip("/")))
    assert name == "curl"
    done = subprocess.run(
        ["curl", "--silent", "--show-error", "--fail", "--noproxy", "*", *arguments],
        cwd=folder, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "I called Anna." in done.stdout or '"language_code":"en"' in done.stdout
