"""The wheel holds all of the package and nothing else, and says of itself what an index wants to know."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from collections.abc import Iterator
from email.message import Message
from email.parser import HeaderParser
from importlib.metadata import EntryPoint
from pathlib import Path
from zipfile import ZipFile

import pytest

from diarist import __version__

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "diarist"
INFO = f"diarist-{__version__}.dist-info"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the wheel and the source are, as `make packages` builds them, but without a place of their own to build in."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(folder)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Iterator[ZipFile]:
    (file,) = built.glob("*.whl")
    with ZipFile(file) as opened:
        yield opened


@pytest.fixture(scope="module")
def metadata(wheel: ZipFile) -> Message:
    return HeaderParser().parsestr(wheel.read(f"{INFO}/METADATA").decode())


def test_the_wheel_holds_the_package_and_nothing_else(wheel: ZipFile) -> None:
    files = {name for name in wheel.namelist() if not name.startswith(INFO)}
    package = {
        str(Path("diarist") / path.relative_to(SOURCE))
        for path in SOURCE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert files == package
    assert {"diarist/py.typed", "diarist/database/migrations/env.py", "diarist/transcription/formats/pdf.typ"} <= files
    assert [name for name in files if name.startswith("diarist/database/migrations/versions/")]
    assert [name for name in files if name.startswith("diarist/diary/written/templates/")]


def test_the_wheel_suits_every_python_and_machine(built: Path) -> None:
    assert [path.name for path in built.glob("*.whl")] == [f"diarist-{__version__}-py3-none-any.whl"]


def test_an_index_is_told_what_it_wants_to_know(wheel: ZipFile, metadata: Message) -> None:
    assert metadata["Version"] == __version__
    assert metadata["Summary"]
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["License-File"] == "LICENSE"
    assert wheel.read(f"{INFO}/licenses/LICENSE") == (ROOT / "LICENSE").read_bytes()
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert str(metadata.get_payload()).startswith("# Diarist")
    assert {line.partition(",")[0] for line in metadata.get_all("Project-URL", [])} >= {
        "Source",
        "Documentation",
        "Changes",
        "Issues",
    }
    assert {"Typing :: Typed", "Environment :: Console", "Operating System :: POSIX :: Linux"} <= {
        *metadata.get_all("Classifier", [])
    }


def test_nothing_is_asked_for_from_another_place_than_an_index(metadata: Message) -> None:
    assert not [line for line in metadata.get_all("Requires-Dist", []) if "@" in line]


def test_every_entry_point_leads_somewhere(wheel: ZipFile) -> None:
    group, points = "", []
    for line in wheel.read(f"{INFO}/entry_points.txt").decode().splitlines():
        if line.startswith("["):
            group = line.strip("[]")
        elif line:
            name, _, target = line.partition(" = ")
            points.append(EntryPoint(name, target, group))
    assert ("console_scripts", "diarist") in {(point.group, point.name) for point in points}
    assert {"diarist.transcription_engines", "diarist.event_buses", "diarist.llm_providers"} <= {point.group for point in points}
    for point in points:
        assert callable(point.load()), point


def test_the_source_can_be_tested_and_holds_nothing_that_was_made(built: Path) -> None:
    (file,) = built.glob("*.tar.gz")
    with tarfile.open(file) as source:
        names = {name.partition("/")[2] for name in source.getnames()}
    assert {"LICENSE", "CHANGELOG.md", "pyproject.toml", "Makefile", "requirements/dev.txt", "tests/conftest.py"} <= names
    assert not [name for name in names if name.split("/")[0] in {".venv", ".cache", ".demo", "dist"} or "__pycache__" in name]
