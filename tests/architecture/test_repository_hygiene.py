"""What is committed works for everyone: no paths of one machine, no package index, pins with hashes, locks in step."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PINNED = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[^]]*\])?==([^\s;]+)")
MACHINE_PATH = re.compile(r"(?<![\w.$~-])/(?:home|Users|root|work|mnt|workspace)/[\w.-]+")
"""Folders in which people keep their own things; a container's own paths belong to another test."""
INDEX = re.compile(r"--(?:extra-)?index-url|--find-links|https?://(?:pypi\.org|files\.pythonhosted\.org|registry\.npmjs\.org)")


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout, so nothing tells what is tracked")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def tracked_text() -> list[tuple[str, str]]:
    """Each tracked text file's name and content; this file, which has to name what it looks for, is left out."""
    texts = []
    for path in tracked_files():
        content = path.read_bytes()
        if b"\0" not in content and path != Path(__file__):
            texts.append((str(path.relative_to(ROOT)), content.decode()))
    return texts


def pins(lock: Path) -> dict[NormalizedName, list[str]]:
    """Name to what is said of it: all versions with their markers, for a lock serves all platforms."""
    found: dict[NormalizedName, list[str]] = {}
    for line in lock.read_text(encoding="utf-8").splitlines():
        if pinned := PINNED.match(line):
            found.setdefault(canonicalize_name(pinned[1]), []).append(line.rstrip(" \\"))
    return found


def project() -> dict[str, object]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        table: dict[str, object] = tomllib.load(file)["project"]
    return table


def names(requirements: object) -> set[NormalizedName]:
    assert isinstance(requirements, list)
    return {canonicalize_name(Requirement(line).name) for line in requirements} - {"diarist"}


def test_no_file_knows_a_path_of_one_machine() -> None:
    found = [f"{name}: {match[0]}" for name, text in tracked_text() for match in MACHINE_PATH.finditer(text)]
    assert not found


def test_no_file_chooses_a_package_index() -> None:
    found = [f"{name}: {match[0]}" for name, text in tracked_text() for match in INDEX.finditer(text)]
    assert not found, "whoever installs chooses where from"


def test_no_large_file_and_no_stray_whitespace() -> None:
    checked = subprocess.run(
        [sys.executable, ROOT / "scripts" / "file_hygiene.py", *tracked_files()], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_requirement_is_pinned_with_hashes(lock: Path) -> None:
    logical_lines = re.sub(r"\\\n", " ", lock.read_text(encoding="utf-8")).splitlines()
    requirements = [line for line in logical_lines if line.strip() and not line.lstrip().startswith("#")]
    assert requirements
    assert not [line for line in requirements if not PINNED.match(line) or "--hash=sha256:" not in line]


def test_locks_hold_what_the_project_asks_for() -> None:
    asked = names(project()["dependencies"])
    extras = project()["optional-dependencies"]
    assert isinstance(extras, dict)
    assert asked <= pins(ROOT / "requirements" / "runtime.txt").keys(), "run `make lock`"
    assert asked | names(extras["dev"]) | names(extras["tiny"]) <= pins(ROOT / "requirements" / "dev.txt").keys(), (
        "run `make lock`"
    )


def test_development_runs_on_the_very_versions_that_users_get() -> None:
    runtime, dev = pins(ROOT / "requirements" / "runtime.txt"), pins(ROOT / "requirements" / "dev.txt")
    assert {name: runtime[name] for name in runtime} == {name: dev.get(name) for name in runtime}
