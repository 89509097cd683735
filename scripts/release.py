"""Holds a release together: `check v1.2.3` sees that the tag is the version of everything, `notes v1.2.3` prints what changed.

It runs on a bare Python, before anything is installed.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
USAGE = "usage: python scripts/release.py check|notes vVERSION"
_VERSIONS = {
    "src/diarist/__init__.py": r'^__version__ = "([^"]+)"$',
    "deploy/kubernetes/diarist/Chart.yaml": r'^appVersion: "?([^"\s]+)"?$',
}
"""Where a version is written down, and how."""
_CHART_VERSION = r"^version: (\S+)$"
_SECTION = re.compile(r"^## \[([^\]]+)\](.*)$", re.MULTILINE)
_DATED = re.compile(r" - \d{4}-\d{2}-\d{2}")
_LINKS = re.compile(r"^\[[^\]]+\]: \S+$", re.MULTILINE)
_VERSION = re.compile(r"\d+\.\d+\.\d+((a|b|rc)\d+)?")


class NotReleasable(Exception):
    """The tree is not what the tag says it is."""


def version_of(tag: str) -> str:
    """The version that a tag names."""
    version = tag.removeprefix("v")
    if not tag.startswith("v") or not _VERSION.fullmatch(version):
        raise NotReleasable(f"{tag!r} names no version: tags are v1.2.3, or v1.2.3rc1")
    return version


def check(root: Path, tag: str) -> None:
    """Raise `NotReleasable` unless all that has a version has this one, and the changelog tells of it."""
    version = version_of(tag)
    for name, pattern in _VERSIONS.items():
        written = re.findall(pattern, (root / name).read_text(encoding="utf-8"), re.MULTILINE)
        if written != [version]:
            raise NotReleasable(f"{name} says {', '.join(written) or 'nothing'}, and the tag {version}")
    chart = "deploy/kubernetes/diarist/Chart.yaml"
    if re.findall(_CHART_VERSION, (root / chart).read_text(encoding="utf-8"), re.MULTILINE) != [version]:
        raise NotReleasable(f"the chart in {chart} has to have the version {version} too")
    notes(root, tag)


def notes(root: Path, tag: str) -> str:
    """What CHANGELOG.md tells of a version; raises `NotReleasable` where that is nothing, or undated."""
    version = version_of(tag)
    text = _LINKS.sub("", (root / "CHANGELOG.md").read_text(encoding="utf-8"))
    headings = [*_SECTION.finditer(text)]
    for heading, end in zip(headings, [*(following.start() for following in headings[1:]), len(text)], strict=True):
        if heading[1] == version:
            if not _DATED.fullmatch(heading[2]):
                raise NotReleasable(f"CHANGELOG.md does not date {version}: `## [{version}] - 2026-12-31`")
            if told := text[heading.end() : end].strip():
                return told
            raise NotReleasable(f"CHANGELOG.md tells nothing of {version}")
    raise NotReleasable(f"CHANGELOG.md has no section `## [{version}] - DATE`")


def main(arguments: list[str]) -> int:
    """Do what was asked for; 1 where the tree is not releasable."""
    if len(arguments) != 2 or arguments[0] not in {"check", "notes"}:  # noqa: PLR2004 - a command and a tag
        print(USAGE, file=sys.stderr)
        return 2
    command, tag = arguments
    try:
        if command == "check":
            check(ROOT, tag)
        else:
            print(notes(ROOT, tag))
    except NotReleasable as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
