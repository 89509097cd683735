"""Writes Grafana's dashboards from scripts/dashboards; `--check` only says which are out of date."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from dashboards.boards import BOARDS
from dashboards.grafana import as_json

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "deploy" / "observability" / "grafana" / "dashboards"


def files() -> dict[Path, str]:
    """What is made."""
    return {FOLDER / f"{board.uid.removeprefix('diarist-')}.json": as_json(board) for board in BOARDS}


def main() -> int:
    """Write, or check and return 1 when something is out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    made = files()
    left_over = set(FOLDER.glob("*.json")) - made.keys()
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


if __name__ == "__main__":
    raise SystemExit(main())
