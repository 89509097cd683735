"""The chart runs the roles that there are, as they are: ports, queues, probes, ends, sizes, what they reach."""

from __future__ import annotations

import json
import re

import pytest

import diarist
from deployed import CHART, DEPLOY, FLEET, ROOT, read, values
from diarist.domain.job import JobPriority
from diarist.http.health import TIMEOUT
from diarist.http.health import router as health
from diarist.services.fleet_api import IN_FLIGHT
from diarist.settings import Settings
from diarist.storage.keys import kind_of

SLACK = 15
"""Seconds in which a process closes what it has opened."""
PROMISED = {
    # Replicas at least and at most, cores, gigabytes.
    "ingestion-api": (1, 20, "1", "2Gi"),
    "job-status-api": (1, 10, "1", "1Gi"),
    "transcription-worker": (2, 10, "2", "4Gi"),
    "llm-worker": (4, 20, "1", "2Gi"),
}
TEMPLATES = CHART / "templates"


@pytest.mark.parametrize("name", sorted(FLEET))
def test_the_chart_runs_each_role_with_its_ports_and_queues(name: str) -> None:
    role, chart = FLEET[name], values()["roles"][name]
    assert chart.get("port") == role.public_port
    assert chart["privatePort"] == role.private_port
    assert {(*one["queues"], one["threads"]) for one in chart.get("groups", ())} == {
        (*group.queues, group.threads) for group in role.groups
    }
    assert chart["kind"] == ("worker" if role.queues else "api")


def test_the_chart_has_no_other_roles() -> None:
    assert set(values()["roles"]) == set(FLEET)


@pytest.mark.parametrize("name", sorted(FLEET))
def test_roles_have_the_replicas_and_the_room_that_are_promised(name: str) -> None:
    least, most, cores, memory = PROMISED[name]
    role = values()["roles"][name]
    assert least <= role["replicas"]["min"] <= role["replicas"]["max"] == most
    assert role["resources"]["limits"] == {"cpu": cores, "memory": memory}


@pytest.mark.parametrize("name", sorted(FLEET))
def test_kubernetes_waits_longer_than_a_role_takes_to_end(name: str) -> None:
    settings, role = Settings(), values()["roles"][name]
    if FLEET[name].queues:
        takes = float(role["env"].get("DIARIST_QUEUE__GRACE", settings.queue.grace))
    else:
        takes = float(role["env"].get("DIARIST_HTTP__DRAIN_SECONDS", settings.http.drain_seconds)) + IN_FLIGHT
    assert role["grace"] >= takes + SLACK


def test_workers_end_before_a_spot_machine_is_taken_away() -> None:
    for name, role in values()["roles"].items():
        if any("spot" in one["key"] for one in role["tolerations"]):
            assert role["grace"] < 120, name


def test_probes_ask_what_is_answered_and_wait_for_the_answer() -> None:
    deployments = (TEMPLATES / "deployments.yaml").read_text(encoding="utf-8")
    asked = set(re.findall(r"path: (/\S+), port: private", deployments))
    assert asked == {getattr(route, "path", "") for route in health.routes}
    probes = dict(re.findall(r"(\w+)Probe:\n(.*?)(?=\n +\w+Probe:|\n +resources:)", deployments, re.DOTALL))
    assert probes.keys() == {"startup", "liveness", "readiness"}
    assert float(re.findall(r"timeoutSeconds: (\d+)", probes["readiness"])[0]) > TIMEOUT


def test_no_pod_runs_as_another_user_than_the_image() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert set(re.findall(r"^USER (\S+)", dockerfile, re.MULTILINE)) == {"10001:10001"}
    names = (TEMPLATES / "_names.tpl").read_text(encoding="utf-8")
    assert set(re.findall(r"(?:runAsUser|runAsGroup|fsGroup): (\d+)", names)) == {"10001"}


def test_roles_reach_what_their_settings_let_them_reach() -> None:
    settings, destinations = Settings(), values()["networkPolicy"]["destinations"]
    assert set(destinations["imports"]["ports"]) == set(settings.imports.ports)
    assert set(destinations["webhooks"]["ports"]) == set(settings.webhooks.ports)
    reached = {name: set(role["reaches"]) for name, role in values()["roles"].items()}
    assert set().union(*reached.values()) == set(destinations)
    assert all({"postgresql", "redis", "objectStore"} <= some for some in reached.values())
    assert [name for name, some in reached.items() if "imports" in some] == ["ingestion-api"]
    assert [name for name, some in reached.items() if "webhooks" in some or "languageModels" in some] == ["llm-worker"]


def test_the_chart_carries_the_version_of_the_program() -> None:
    assert read(CHART / "Chart.yaml")["appVersion"] == diarist.__version__


def test_the_schema_knows_every_value_and_no_other() -> None:
    schema = json.loads((CHART / "values.schema.json").read_text(encoding="utf-8"))
    assert set(schema["properties"]) - {"global"} == set(values())
    for part in ("networkPolicy", "autoscaling", "ingress", "storage", "devServices", "gateway", "migration", "balancer"):
        assert set(schema["properties"][part]["properties"]) == set(values()[part]), part
    for name, role in values()["roles"].items():
        kind = schema["definitions"][role["kind"]]
        assert set(kind["properties"]) == set(role), name


def test_the_chart_takes_what_terraform_tells_it() -> None:
    outputs = (DEPLOY / "terraform" / "outputs.tf").read_text(encoding="utf-8")
    (told,) = re.findall(r'^output "helm_values" \{.*?^  value = \{\n(.*?)^  \}', outputs, re.DOTALL | re.MULTILINE)
    names = set(re.findall(r"^    (\w+) += \{", told, re.MULTILINE))
    assert names == {"storage", "externalSecret", "roles", "networkPolicy"}
    assert names <= set(values())
    for name in ("storage", "externalSecret"):
        (of,) = re.findall(rf"^    {name} += \{{(.*?)\}}$", told, re.DOTALL | re.MULTILINE)
        assert set(re.findall(r"(?:^ *|[{,] *|^ )(\w+) +=", of, re.MULTILINE)) <= set(values()[name])
    (destinations,) = re.findall(r"destinations = \{(.*)\}", told, re.DOTALL)
    for name, port in re.findall(r"(\w+) += \{ ports = \[(\d+)\]", destinations):
        assert values()["networkPolicy"]["destinations"][name]["ports"] == [int(port)]


def test_terraform_gives_each_role_of_the_chart_a_role_of_its_own() -> None:
    access = (DEPLOY / "terraform" / "modules" / "access" / "main.tf").read_text(encoding="utf-8")
    (roles,) = re.findall(r"^  roles = \{\n(.*?)^  \}", access, re.DOTALL | re.MULTILINE)
    assert set(re.findall(r"^    ([\w-]+) += ", roles, re.MULTILINE)) == set(FLEET)
    accounts = (TEMPLATES / "serviceaccount.yaml").read_text(encoding="utf-8")
    assert 'name: {{ include "diarist.name" $ }}-{{ $role }}\n' in accounts
    assert "system:serviceaccount:${var.namespace}:${release}-${role}" in access


def test_machines_are_marked_as_the_chart_looks_for_them() -> None:
    nodes = (DEPLOY / "terraform" / "modules" / "cluster" / "nodes.tf").read_text(encoding="utf-8")
    chart = values()
    assert f'"{chart["purposeKey"]}" = each.value.purpose' in nodes
    tainted = set(re.findall(r'\? \["([\w./-]+)"\]', nodes))
    tolerated = {one["key"] for name in ("values", "values-gpu") for role in values(name)["roles"].values()
                 for one in role.get("tolerations", ())}  # fmt: skip
    assert tolerated == tainted
    assert values("values-gpu")["roles"]["transcription-worker"]["nodeSelector"] == {chart["purposeKey"]: "gpu"}


def test_rules_of_the_bucket_look_for_the_tag_that_is_written() -> None:
    storage = (DEPLOY / "terraform" / "modules" / "storage" / "main.tf").read_text(encoding="utf-8")
    tags = re.findall(r'tag \{\n +key +=\s+"(\w+)"\n +value +=\s+"(\w+)"', storage)
    assert dict.fromkeys(key for key, _ in tags) == {"diarist": None}
    assert {value for _, value in tags} == {kind_of("recordings/1/original"), kind_of("recordings/1/chunks/1.flac")}


def test_alerts_and_dashboards_of_the_chart_are_those_that_are_tried() -> None:
    assert (CHART / "rules").resolve() == DEPLOY / "observability" / "prometheus" / "rules"
    assert (CHART / "dashboards").resolve() == DEPLOY / "observability" / "grafana" / "dashboards"


def test_interactive_work_is_counted_when_workers_are_scaled() -> None:
    backlog = (TEMPLATES / "_backlog.tpl").read_text(encoding="utf-8")
    assert "priority=" not in backlog, f"all of {[one.value for one in JobPriority]} are to be done"
