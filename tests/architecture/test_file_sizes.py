"""Files stay small enough to be read at a sitting, and say what they are."""

from __future__ import annotations

import ast
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "diarist"
LIMIT = 400
"""Lines a file."""
MEDIAN_LIMIT = 120
"""Lines, over the files of the package that do something (migrations are left out: they only grow in number)."""
BANNED_NAMES = {"util", "utils", "shared", "common", "helper", "helpers", "manager", "managers", "misc", "base_classes"}


def python_files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def length(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize("folder", ["src", "tests", "benchmarks", "scripts", "samples"])
def test_no_file_is_longer_than_the_limit(folder: str) -> None:
    too_long = {str(path.relative_to(ROOT)): lines for path in python_files(ROOT / folder) if (lines := length(path)) > LIMIT}
    assert not too_long, f"more than {LIMIT} lines; each holds more than one idea"


def test_the_usual_source_file_is_short() -> None:
    lengths = [length(path) for path in python_files(SOURCE) if path.name != "__init__.py" and "migrations" not in path.parts]
    assert len(lengths) > 10
    assert median(lengths) <= MEDIAN_LIMIT, f"the median file has {median(lengths)} lines"


@pytest.mark.parametrize("folder", ["src", "tests", "benchmarks", "scripts", "samples"])
def test_no_module_has_a_name_that_says_nothing(folder: str) -> None:
    nameless = [
        str(path.relative_to(ROOT))
        for path in python_files(ROOT / folder)
        if BANNED_NAMES & {part.strip("_") for part in path.relative_to(ROOT).with_suffix("").parts}
    ]
    assert not nameless, "name the file after the one idea that it holds"


@pytest.mark.parametrize("folder", ["src", "samples", "scripts", "benchmarks"])
def test_each_module_opens_by_saying_what_it_is(folder: str) -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in python_files(ROOT / folder)
        if ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) is None
    ]
    assert not silent


def test_each_folder_of_the_package_is_a_package_but_for_migrations() -> None:
    """A folder without `__init__.py` is invisible to the layers contract."""
    folders = {path.parent for path in python_files(SOURCE) if "migrations" not in path.parts}
    assert not [str(folder.relative_to(ROOT)) for folder in folders if not (folder / "__init__.py").exists()]
