"""The engine of docs/how-to/add-an-engine.md, taken out of the page: built, installed as a package of its own, run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from diarist.audio.flac import encode_flac, to_pcm
from diarist.domain.audio import SAMPLE_RATE, Span
from diarist.domain.transcript import ChunkTranscript
from diarist.engine.pool import EnginePool
from diarist.ports.transcription_engine import Guidance
from diarist.settings import EngineSettings, RouteSettings

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "add-an-engine.md"
FILE = re.compile(r'^```\w+ title="([^"]+)"\n(.*?)^```$', re.DOTALL | re.MULTILINE)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the page."""
    folder = tmp_path_factory.mktemp("diarist-touch-tones")
    for name, text in FILE.findall(PAGE.read_text(encoding="utf-8")):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def installed(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the built wheel was installed; a wheel of nothing but Python is installed by unpacking it. Asks no index."""
    command = [sys.executable, "-c", "import hatchling.build as backend; print(backend.build_wheel('dist'))"]
    built = subprocess.run(command, cwd=package, capture_output=True, text=True, check=True)
    target = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(package / "dist" / built.stdout.split()[-1]) as wheel:
        wheel.extractall(target)
    return target


@pytest.fixture
def python(installed: Path) -> dict[str, str]:
    """The environment of a Python that has the package."""
    return {**os.environ, "PYTHONPATH": str(installed)}


def test_it_is_listed_with_its_package(python: dict[str, str]) -> None:
    command = [sys.executable, "-m", "diarist", "plugins", "--json"]
    listed = json.loads(subprocess.run(command, env=python, capture_output=True, text=True, check=True).stdout)["plugins"]
    assert [plugin for plugin in listed if plugin["name"] == "touch-tones"] == [
        {
            "group": "diarist.transcription_engines",
            "name": "touch-tones",
            "value": "diarist_touch_tones:open_engine",
            "package": "diarist-touch-tones",
            "version": "0.1.0",
        }
    ]


def test_the_tests_of_the_page_pass(package: Path, python: dict[str, str], tmp_path: Path) -> None:
    tests = tmp_path / "test_touch_tones.py"  # away from the module, so that it is the installed one that is tested
    tests.write_bytes((package / "test_touch_tones.py").read_bytes())
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), str(tests)]
    ran = subprocess.run(command, cwd=tmp_path, env=python, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
    assert "4 passed" in ran.stdout


@pytest.fixture
async def pool(installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[EnginePool]:
    monkeypatch.setenv("PYTHONPATH", str(installed))
    pool = EnginePool(EngineSettings(name="scripted", routes=[RouteSettings(languages=["de"], engine="touch-tones")]), tmp_path)
    yield pool
    await pool.close()


async def test_a_route_leads_to_it_and_it_hears_in_a_child(pool: EnginePool, tmp_path: Path) -> None:
    time = np.arange(SAMPLE_RATE // 2) / SAMPLE_RATE
    nine = (np.sin(2 * np.pi * 852 * time) + np.sin(2 * np.pi * 1477 * time)) / 3
    chunk = tmp_path / "chunk.flac"
    chunk.write_bytes(encode_flac(to_pcm(np.concatenate((time * 0, nine)).astype(np.float32))))
    *segments, whole = [item async for item in pool.transcribe(chunk, [Span(0.0, 1.0)], Guidance(language="de"))]
    assert isinstance(whole, ChunkTranscript)
    assert (whole.engine, whole.model, len(segments)) == ("touch-tones", "q23", 1)
    (word,) = whole.segments[0].words
    assert (word.text, round(word.start, 2), round(word.end, 2)) == ("9", 0.5, 1.0)
