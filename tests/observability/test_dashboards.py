"""Dashboards are what scripts/dashboards says, can be read, lead somewhere, and ask only for what there is.

That each panel shows something is proven by `make check-dashboards`, with a real Prometheus and a fleet at work.
"""

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from diarist.telemetry.metrics import Metrics
from drawn_dashboards import Asked, dashboards, panels, questions
from promql import Named, named
from shipped_rules import shipped_rules

ROOT = Path(__file__).parents[2]
DOCS = "https://github.com/diarist/diarist/blob/main/docs/"
TARGET = {"job", "instance", "le"}
"""Labels that Prometheus gives every series, and buckets."""
USUAL = re.compile(r"process_\w+|up|ALERTS|(node|pg|redis)_\w+")
"""Names that others give; exporters' labels are not ours to know."""
BOARDS = dashboards()
PANELS = [pytest.param(panel, id=f"{name}: {panel['title']}") for name, board in BOARDS.items() for panel in panels(board)]
QUESTIONS = [pytest.param(asked, id=f"{name}: {asked.panel}") for name, board in BOARDS.items() for asked in questions(board)]


def known() -> dict[str, set[str]]:
    """Labels of every series of ours, by its name in PromQL, and of those that rules record."""
    series: dict[str, set[str]] = {}
    for one in Metrics.open().catalogue.described:
        names = [f"{one.name}{part}" for part in ("_bucket", "_sum", "_count")] if one.kind == "histogram" else [one.name]
        series |= {name: {*one.labels, *TARGET} for name in names}
    for rule in (rule for rule in shipped_rules() if "record" in rule):
        series.setdefault(rule["record"], set()).update({*rule.get("labels", {}), *named(rule["expr"]).labels})
    return series


KNOWN = known()


def test_they_are_what_the_script_writes() -> None:
    checked = subprocess.run(
        [sys.executable, ROOT / "scripts/draw_dashboards.py", "--check"], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stderr


def test_people_find_them_where_they_were() -> None:
    assert {board["uid"]: name for name, board in BOARDS.items()} == {
        "diarist-overview": "overview.json",
        "diarist-pipeline": "pipeline.json",
        "diarist-transcription": "transcription.json",
        "diarist-llm": "llm.json",
        "diarist-api": "api.json",
        "diarist-ledger": "ledger.json",
        "diarist-infrastructure": "infrastructure.json",
        "diarist-slo": "slo.json",
    }
    assert len({board["title"] for board in BOARDS.values()}) == len(BOARDS)


def test_roles_are_called_as_everywhere() -> None:
    titles = " ".join(board["title"] for board in BOARDS.values())
    for role in ("ingestion-api", "job-status-api", "transcription-worker", "llm-worker"):
        assert role in titles


@pytest.mark.parametrize("board", [pytest.param(board, id=name) for name, board in BOARDS.items()])
def test_variables_are_there_and_are_used(board: Mapping[str, Any]) -> None:
    there = {variable["name"]: variable for variable in board["templating"]["list"]}
    asked = " ".join([one.expression for one in questions(board)] + [str(one.get("query")) for one in there.values()])
    used = set(re.findall(r"\$(\w+)", asked)) - {"__rate_interval"}
    links = " ".join(link.get("url", "") for link in board["links"])
    assert used | {"source", "job_id"} == there.keys()
    assert "${job_id}" in links
    assert there["source"]["current"]["value"] == "prometheus", "the uid of the data source that is provisioned"
    assert all(variable["description"] and variable["label"] for variable in there.values())
    ids = [panel["id"] for panel in board["panels"]]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("panel", PANELS)
def test_a_panel_says_what_it_shows_and_what_to_do(panel: Mapping[str, Any]) -> None:
    assert panel["description"].endswith(".")
    fields = panel["fieldConfig"]["defaults"]
    assert fields["unit"]
    assert fields["thresholds"]["steps"][0]["value"] is None
    values = [step["value"] for step in fields["thresholds"]["steps"][1:]]
    assert values == sorted(values)
    assert panel["datasource"] == {"type": "prometheus", "uid": "${source}"}
    assert all(target["datasource"] == panel["datasource"] for target in panel["targets"])
    [link] = panel["links"]
    assert link["url"].startswith(DOCS)
    assert (ROOT / "docs" / link["url"].removeprefix(DOCS)).is_file(), link["url"]


@pytest.mark.parametrize("board", [pytest.param(board, id=name) for name, board in BOARDS.items()])
def test_no_panel_lies_on_another(board: Mapping[str, Any]) -> None:
    taken: set[tuple[int, int]] = set()
    for panel in board["panels"]:
        at = panel["gridPos"]
        cells = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
        assert at["x"] + at["w"] <= 24
        assert not cells & taken, panel["title"]
        taken |= cells


@pytest.mark.parametrize("asked", QUESTIONS)
def test_a_question_names_what_there_is(asked: Asked) -> None:
    found = named(asked.expression)
    assert found.metrics
    unknown = {name for name in found.metrics if name not in KNOWN and not USUAL.fullmatch(name)}
    assert not unknown, "no such metric"
    if not any(re.fullmatch(r"(node|pg|redis)_\w+|ALERTS", name) for name in found.metrics):
        assert found.labels <= TARGET.union(*(KNOWN.get(name, set()) for name in found.metrics)), "no such label"
    legend = set(re.findall(r"\{\{(\w+)\}\}", asked.legend))
    assert asked.legend, "a series without a name"
    assert legend <= found.labels.union(*(KNOWN.get(name, set()) for name in found.metrics), TARGET)
    if asked.exemplars:
        assert any(name.endswith("_bucket") for name in found.metrics), "only histograms lead to traces"


@pytest.mark.parametrize(
    ("expression", "metrics", "labels"),
    [
        ("up", {"up"}, set()),
        ('sum by (le) (rate(a_bucket{job=~"$role",x!="y}"}[5m]))', {"a_bucket"}, {"le", "job", "x"}),
        ("1 - max(a:b / (c > 0)) or vector(0)", {"a:b", "c"}, set()),
        ('a / on () group_left (z) label_replace(vector(0), "l", "none", "", "")', {"a"}, {"z"}),
        ("3600 * topk(10, d) * $price and 1e9 * e", {"d", "e"}, set()),
    ],
)
def test_expressions_are_read(expression: str, metrics: set[str], labels: set[str]) -> None:
    assert named(expression) == Named(frozenset(metrics), frozenset(labels))
