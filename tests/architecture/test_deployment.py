"""What stands in `deploy/` is called as in the code: roles, ports, queues, probes, settings and metrics."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from diarist.services.roles import ROLES
from diarist.settings import Settings
from diarist.telemetry.metrics import Metrics

DEPLOY = Path(__file__).parents[2] / "deploy"
CHART = DEPLOY / "kubernetes" / "diarist"
FLEET = {name: role for name, role in ROLES.items() if name != "standalone"}
OF_COMPOSE = {"DIARIST_OBSERVABILITY"}
"""Read by Compose itself."""


def values(name: str = "values") -> Any:
    return yaml.safe_load((CHART / f"{name}.yaml").read_text(encoding="utf-8"))


def texts() -> list[tuple[str, str]]:
    files = (path for path in DEPLOY.rglob("*") if path.suffix in {".yaml", ".yml", ".tpl", ".tf", ".cfg", ".txt", ".json"})
    return [(str(path.relative_to(DEPLOY)), path.read_text(encoding="utf-8")) for path in files]


@pytest.mark.parametrize("name", sorted(FLEET))
def test_the_chart_runs_each_role_with_its_ports_and_queues(name: str) -> None:
    role, chart = FLEET[name], values()["roles"][name]
    assert chart.get("port") == role.public_port
    assert chart["privatePort"] == role.private_port
    assert set(chart.get("queues", ())) == role.queues
    assert chart["kind"] == ("worker" if role.queues else "api")


def test_the_chart_has_no_other_roles() -> None:
    assert set(values()["roles"]) == set(FLEET)


@pytest.mark.parametrize("name", sorted(FLEET))
def test_kubernetes_waits_longer_than_a_role_takes_to_end(name: str) -> None:
    settings = Settings()
    takes = settings.queue.grace if FLEET[name].queues else settings.http.drain_seconds
    assert values()["roles"][name]["grace"] >= takes + 20


def test_probes_ask_what_is_answered() -> None:
    asked = set(re.findall(r"path: (/health/\w+)", (CHART / "templates" / "deployments.yaml").read_text(encoding="utf-8")))
    assert asked == {"/health/live", "/health/ready"}


def test_every_setting_that_is_named_is_one() -> None:
    named = {(name, file) for file, text in texts() for name in re.findall(r"DIARIST_[A-Z_]+[A-Z]", text)}
    assert named
    assert not {(name, file) for name, file in named if name not in OF_COMPOSE and not is_setting(name)}


def is_setting(name: str) -> bool:
    at: Any = Settings
    for part in name.removeprefix("DIARIST_").lower().split("__"):
        fields = getattr(at, "model_fields", {})
        if part not in fields:
            return False
        at = fields[part].annotation
    return True


def test_workers_are_scaled_by_metrics_that_there_are() -> None:
    told = {family.name for family in Metrics.open("llm-worker").catalogue.registry.collect()}
    text = (CHART / "templates" / "_backlog.tpl").read_text(encoding="utf-8")
    asked = set(re.findall(r"diarist_\w+", text))
    assert asked
    assert asked <= told


def test_the_chart_takes_what_terraform_tells_it() -> None:
    outputs = (DEPLOY / "terraform" / "outputs.tf").read_text(encoding="utf-8")
    (told,) = re.findall(r'^output "helm_values" \{.*?^  value = \{\n(.*?)^  \}', outputs, re.DOTALL | re.MULTILINE)
    schema = json.loads((CHART / "values.schema.json").read_text(encoding="utf-8"))
    for name, of in re.findall(r"^    (\w+) += \{(.*?)(?:^    \}| \}$)", told, re.DOTALL | re.MULTILINE):
        assert set(re.findall(r"(?:^ *|[{,] *)(\w+) +=", of, re.MULTILINE)) <= set(schema["properties"][name]["properties"])
    names = re.findall(r"^    (\w+) +=", told, re.MULTILINE)
    assert "serviceAccount" in names
    assert set(names) <= set(schema["properties"])
