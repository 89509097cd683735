"""What stands in `deploy/`, and beside it at the root, as those read it who run it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from diarist.services.roles import ROLES
from diarist.telemetry.metrics import Metrics

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
CHART = DEPLOY / "kubernetes" / "diarist"
FLEET = {name: role for name, role in ROLES.items() if name != "standalone"}
_TEXT = {".yaml", ".yml", ".tpl", ".tf", ".hcl", ".cfg", ".txt", ".json", ".sh", ".service", ".conf", ".alloy", ""}


def read(path: Path) -> Any:
    """A file of YAML."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def values(name: str = "values") -> Any:
    """Of the chart."""
    return read(CHART / f"{name}.yaml")


def compose() -> Any:
    """The services of a whole installation on one machine, by name."""
    return read(ROOT / "docker-compose.yml")["services"]


def texts() -> Iterator[tuple[str, str]]:
    """All that deploys Diarist, by name."""
    beside = [ROOT / "Dockerfile", *sorted(ROOT.glob("docker-compose*.yml"))]
    for path in [*beside, *(path for path in sorted(DEPLOY.rglob("*")) if path.suffix in _TEXT)]:
        if path.is_file():
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


def documents(*folders: str) -> Iterator[tuple[str, str]]:
    """Pages of the documentation, by name."""
    for folder in folders:
        for path in sorted((ROOT / "docs" / folder).glob("*.md")):
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


def metrics() -> set[str]:
    """Names of all series that a process may tell of."""
    return {one.name + end for one in Metrics.open().catalogue.described for end in ("", "_bucket", "_sum", "_count")}
