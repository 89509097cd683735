"""Files that follow from the code: written, taken away once nothing makes them any more, or with `--check` only looked at."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]


def notice(source: str) -> str:
    """What each such file says at its head."""
    return f"Made by `make docs` from {source}; edit that instead."


def write_or_check(about: str | None, made: Mapping[Path, str], *, found: Iterable[Path] = ()) -> int:
    """The exit status: 1 when `--check` was asked for and something is out of date, as whatever is `found` and not `made` is."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 when something is out of date")
    check = parser.parse_args().check
    left_over = set(found) - made.keys()
    stale = {path for path, text in made.items() if not path.is_file() or path.read_text(encoding="utf-8") != text}
    for path in sorted(stale | left_over):
        if check:
            sys.stderr.write(f"{path.relative_to(ROOT)} is out of date: `make docs` writes it anew\n")
        elif path in left_over:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(made[path], encoding="utf-8")
    return int(check and bool(stale | left_over))
