"""Writes Grafana's dashboards from scripts/dashboards; `--check` only says which are out of date."""

from __future__ import annotations

from pathlib import Path

from dashboards.boards import BOARDS
from dashboards.grafana import as_json
from made_files import ROOT, write_or_check

FOLDER = ROOT / "deploy" / "observability" / "grafana" / "dashboards"


def files() -> dict[Path, str]:
    """What is made."""
    return {FOLDER / f"{board.uid.removeprefix('diarist-')}.json": as_json(board) for board in BOARDS}


if __name__ == "__main__":
    raise SystemExit(write_or_check(__doc__, files(), found=FOLDER.glob("*.json")))
