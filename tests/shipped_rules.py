"""The rules of deploy/observability as Prometheus reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parents[1] / "deploy" / "observability" / "prometheus" / "rules"


def shipped_rules() -> list[dict[str, Any]]:
    """Of all files and groups: what is recorded, and alerts."""
    documents = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yml"))]
    return [rule for document in documents for group in document["groups"] for rule in group["rules"]]
