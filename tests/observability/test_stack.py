"""What stands beside Prometheus is of one mind with it; what could not be run here is at least read."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from shipped_rules import shipped_rules

ROOT = Path(__file__).parents[2]
STACK = ROOT / "deploy" / "observability"
ALERTMANAGER = STACK / "alertmanager" / "alertmanager.yml"

needs_amtool = pytest.mark.skipif(
    shutil.which("amtool") is None, reason="amtool is not installed (apt-get install prometheus-alertmanager)"
)


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def route_of(*labels: str) -> str:
    found = subprocess.run(
        ["amtool", "config", "routes", "test", f"--config.file={ALERTMANAGER}", *labels],
        capture_output=True,
        text=True,
        check=True,
    )
    return found.stdout.strip()


@needs_amtool
def test_alertmanager_takes_its_configuration() -> None:
    subprocess.run(["amtool", "check-config", ALERTMANAGER], capture_output=True, check=True)


@needs_amtool
@pytest.mark.parametrize(
    ("labels", "receiver"),
    [
        (("alertname=RoleDown", "severity=page"), "page"),
        (("alertname=TasksParked", "severity=ticket"), "ticket"),
        (("alertname=Watchdog", "severity=none"), "dead-man"),
    ],
)
def test_alerts_go_to_who_has_to_act(labels: tuple[str, ...], receiver: str) -> None:
    assert route_of(*labels) == receiver


def test_inhibition_names_alerts_that_there_are() -> None:
    names = {rule["alert"] for rule in shipped_rules() if "alert" in rule}
    for rule in read(ALERTMANAGER)["inhibit_rules"]:
        for matcher in (*rule["source_matchers"], *rule["target_matchers"]):
            label, _, value = matcher.partition(" ")
            if label == "alertname":
                for one in value.strip('=~ "').split("|"):
                    assert one in names or any(name.find(one.strip(".*")) >= 0 for name in names), one


def test_data_sources_have_the_names_that_dashboards_use() -> None:
    sources = read(STACK / "grafana" / "provisioning" / "datasources" / "datasources.yml")["datasources"]
    assert {one["uid"]: one["type"] for one in sources} == {"prometheus": "prometheus", "loki": "loki", "jaeger": "jaeger"}


@pytest.mark.parametrize(
    "path", [STACK / "otelcol" / "config.yaml", STACK / "jaeger" / "config.yaml"], ids=lambda path: path.parent.name
)
def test_pipelines_are_made_of_parts_that_are_described(path: Path) -> None:
    config = read(path)
    for pipeline in config["service"]["pipelines"].values():
        for kind in ("receivers", "processors", "exporters"):
            assert set(pipeline[kind]) <= config[kind].keys()
    assert set(config["service"].get("extensions", ())) <= config.get("extensions", {}).keys()


def test_what_fails_or_is_slow_is_always_kept() -> None:
    policies = read(STACK / "otelcol" / "config.yaml")["processors"]["tail_sampling"]["policies"]
    assert [policy["type"] for policy in policies] == ["status_code", "and", "latency", "probabilistic"]


def test_all_services_that_are_scraped_or_asked_are_started() -> None:
    services = read(ROOT / "docker-compose.yml")["services"]
    scraped = read(STACK / "prometheus" / "prometheus.yml")["scrape_configs"]
    targets = [target for one in scraped for given in one.get("static_configs", ()) for target in given["targets"]]
    addresses = json.dumps([read(STACK / "grafana" / "provisioning" / "datasources" / "datasources.yml"), targets])
    asked = {part.split(":")[0].lstrip("/") for part in addresses.replace("http://", '"').split('"') if part.count(":") == 1}
    assert {host for host in asked if host and "localhost" not in host and " " not in host} <= services.keys()
