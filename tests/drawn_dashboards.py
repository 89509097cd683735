"""The dashboards of deploy/observability/grafana as Grafana reads them: panels, their questions, and variables filled in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "deploy" / "observability" / "grafana" / "dashboards"
_LABEL_VALUES = re.compile(r"label_values\((?P<selector>.*), (?P<label>\w+)\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question of a panel."""

    dashboard: str
    panel: str
    expression: str
    legend: str
    at_once: bool
    """Whether it is asked for one moment, not over time."""
    exemplars: bool


def dashboards() -> dict[str, Mapping[str, Any]]:
    """All files, by name."""
    return {path.name: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))}


def panels(dashboard: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Those that ask something; rows are headings."""
    return [panel for panel in dashboard["panels"] if panel["type"] != "row"]


def questions(dashboard: Mapping[str, Any]) -> Iterator[Asked]:
    """Of all panels."""
    for panel in panels(dashboard):
        for target in panel["targets"]:
            yield Asked(
                dashboard=dashboard["title"], panel=panel["title"], expression=target["expr"], legend=target["legendFormat"],
                at_once=target["instant"], exemplars=target.get("exemplar", False),
            )  # fmt: skip


def chosen(dashboard: Mapping[str, Any], label_values: Callable[[str, str], list[str]]) -> dict[str, str]:
    """What stands for each variable when somebody opens the dashboard: all values, and texts as they come."""
    values: dict[str, str] = {}
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            asked = _LABEL_VALUES.fullmatch(filled(variable["query"]["query"], values))
            assert asked, variable
            values[variable["name"]] = f"({'|'.join(label_values(asked['label'], asked['selector']))})"
        elif variable["type"] == "textbox":
            values[variable["name"]] = variable["query"]
    return values


def filled(text: str, values: Mapping[str, str]) -> str:
    """With what stands for the variables."""
    return re.sub(r"\$(\w+)", lambda found: values.get(found[1], found[0]), text)
