"""A tag is released only when all that has a version has this one, and the changelog tells of it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHANGELOG = """# Changelog

## [Unreleased]

## [1.2.3] - 2026-11-23

### Added
- A bell.

## [1.2.2] - 2026-11-01

### Fixed
- A whistle.

[1.2.3]: https://example.org/1.2.3
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree whose version is 1.2.3."""
    for name in ("scripts/release.py", "src/diarist/__init__.py", "deploy/kubernetes/diarist/Chart.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    change(tmp_path / "src/diarist/__init__.py", '__version__ = "0.1.0"', '__version__ = "1.2.3"')
    change(tmp_path / "deploy/kubernetes/diarist/Chart.yaml", "0.1.0", "1.2.3")
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG)
    return tmp_path


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def asked(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # Nothing but the standard library: it runs before anything is installed.
    command = [sys.executable, "-I", "-S", str(tree / "scripts" / "release.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_whole_release_passes(tree: Path) -> None:
    assert asked(tree, "check", "v1.2.3").returncode == 0


def test_notes_are_what_changed_in_this_version(tree: Path) -> None:
    assert asked(tree, "notes", "v1.2.3").stdout == "### Added\n- A bell.\n"
    assert asked(tree, "notes", "v1.2.2").stdout == "### Fixed\n- A whistle.\n"


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("src/diarist/__init__.py", "1.2.3", "1.2.4", "src/diarist/__init__.py says 1.2.4"),
        ("deploy/kubernetes/diarist/Chart.yaml", 'appVersion: "1.2.3"', 'appVersion: "1.2.2"', "Chart.yaml says 1.2.2"),
        ("deploy/kubernetes/diarist/Chart.yaml", "\nversion: 1.2.3", "\nversion: 1.2.2", "the version 1.2.3 too"),
        ("CHANGELOG.md", "## [1.2.3] - 2026-11-23", "## [1.2.3]", "does not date 1.2.3"),
        ("CHANGELOG.md", "## [1.2.3] - 2026-11-23", "## [1.2.4] - 2026-11-23", "no section"),
        ("CHANGELOG.md", "### Added\n- A bell.\n", "", "tells nothing"),
    ],
)
def test_whatever_does_not_fit_is_named(tree: Path, file: str, old: str, new: str, said: str) -> None:
    change(tree / file, old, new)
    ended = asked(tree, "check", "v1.2.3")
    assert ended.returncode == 1
    assert said in ended.stderr


@pytest.mark.parametrize("tag", ["1.2.3", "v1.2", "latest", "v1.2.3; rm -rf ~"])
def test_a_tag_that_is_no_version_is_refused(tree: Path, tag: str) -> None:
    assert "names no version" in asked(tree, "check", tag).stderr


def test_this_very_tree_agrees_with_itself() -> None:
    """But for the changelog, which dates a version when it is released."""
    text = (ROOT / "src/diarist/__init__.py").read_text(encoding="utf-8")
    version = text.rsplit('__version__ = "', 1)[1].split('"')[0]
    ended = asked(ROOT, "check", f"v{version}")
    assert ended.returncode == 0 or "CHANGELOG.md" in ended.stderr
