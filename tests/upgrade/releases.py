"""The code of a release, unpacked and ready to run: the one before, the tree as it stands, and one that is made up."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import distributions
from io import BytesIO
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PREVIOUS = "v0.1.0"
"""The release that is upgraded from."""
COMMIT = "f5d0501f4bfcc53435f7bd362f2d5f8fb0e6b353"
"""Where it is when tags have not travelled with the repository."""
PATIENCE = 300.0
"""Seconds that a command may take on a slow machine."""


class HistoryMissing(Exception):
    """The code of the release before is not in this clone."""


@dataclass(frozen=True, slots=True)
class Release:
    """Code that runs."""

    name: str
    source: Path
    """Its `src`."""
    python: Path = Path(sys.executable)

    def environment(self, settings: Mapping[str, str]) -> dict[str, str]:
        """Of its processes; settings are named without their prefix."""
        # Whatever was installed comes behind, its entry points too.
        return {**os.environ, "PYTHONPATH": str(self.source), **{f"DIARIST_{name}": value for name, value in settings.items()}}

    def call(self, settings: Mapping[str, str], *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end, whatever that is."""
        return subprocess.run(
            [self.python, "-m", "diarist", *words], env=self.environment(settings), cwd=self.source,
            capture_output=True, text=True, check=False, timeout=PATIENCE,
        )  # fmt: skip


def previous(folder: Path) -> Release:
    """The release before, in an environment of its own where it was made for other libraries; raises `HistoryMissing`."""
    commit = next(
        (one for one in (f"refs/tags/{PREVIOUS}", COMMIT) if _git("cat-file", "-e", f"{one}^{{commit}}") is not None), None
    )
    if commit is None:
        raise HistoryMissing(
            f"neither the tag {PREVIOUS} nor commit {COMMIT[:12]} is in this clone; `git fetch --unshallow --tags` brings them"
        )
    wanted = ("src", "pyproject.toml", "README.md", "LICENSE", "requirements/runtime.txt")
    packed = _git("archive", commit, *wanted)
    if packed is None:
        raise HistoryMissing(f"{commit} cannot be unpacked: its files are not in this clone")
    target = folder / PREVIOUS
    with tarfile.open(fileobj=BytesIO(packed)) as archive:
        archive.extractall(target, filter="data")
    _describe(target)
    here = _is_here(target / "requirements" / "runtime.txt")
    return Release(PREVIOUS, target / "src", Path(sys.executable) if here else _environment(target))


def present(folder: Path, name: str = "tree") -> Release:
    """The tree as it stands, copied: somebody may be at work on it."""
    source = folder / name / "src"
    shutil.copytree(ROOT / "src", source, ignore=shutil.ignore_patterns("__pycache__"))
    return Release(name, source)


def _git(*words: str) -> bytes | None:
    """What it says, or None where it fails or is not installed."""
    git = shutil.which("git")
    if git is None:
        return None
    ran = subprocess.run([git, "-C", ROOT, *words], capture_output=True, check=False, timeout=PATIENCE)
    return ran.stdout if ran.returncode == 0 else None


def _describe(target: Path) -> None:
    """Let the unpacked code be found as an installed distribution, with the plugins that it had."""
    project = tomllib.loads((target / "pyproject.toml").read_text())["project"]
    info = target / "src" / f"diarist-{PREVIOUS.removeprefix('v')}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: diarist\nVersion: {PREVIOUS.removeprefix('v')}\n")
    groups = [
        "\n".join((f"[{group}]", *(f"{name} = {place}" for name, place in plugins.items())))
        for group, plugins in project["entry-points"].items()
    ]
    (info / "entry_points.txt").write_text("\n\n".join(groups) + "\n")


def _is_here(lock: Path) -> bool:
    """Whether all that a lock asks for on this machine is installed beside us, in just these versions."""
    lines = (line.strip().removesuffix("\\").strip() for line in lock.read_text().splitlines())
    pinned = [Requirement(line) for line in lines if "==" in line and not line.startswith(("#", "--"))]
    installed = {canonicalize_name(one.name): one.version for one in distributions()}
    wanted = [one for one in pinned if one.marker is None or one.marker.evaluate()]
    return all(one.specifier.contains(installed.get(canonicalize_name(one.name), "0"), prereleases=True) for one in wanted)


def _environment(target: Path) -> Path:
    """Install what it was locked to, and what it asks for besides."""
    python = target / "venv" / "bin" / "python"
    locked = ("-r", target / "requirements" / "runtime.txt", f"diarist[fleet] @ {target.as_uri()}")
    for words in (("venv", "--quiet", target / "venv"), ("pip", "install", "--quiet", "--python", python, *locked)):
        subprocess.run(["sh", ROOT / "scripts" / "uv.sh", *words], check=True, cwd=ROOT, timeout=PATIENCE)
    return python
