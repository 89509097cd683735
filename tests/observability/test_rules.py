"""Every alert is tried by promtool, asks for figures that there are, and leads to a page that says what to do."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from diarist.services.roles import ROLES
from diarist.telemetry.metrics import Metrics
from shipped_rules import FOLDER, shipped_rules

ROOT = Path(__file__).parents[2]
STACK, RUNBOOKS = ROOT / "deploy" / "observability", ROOT / "docs" / "runbooks"
RULE_FILES = sorted(FOLDER.glob("*.yml"))
TRIALS = sorted((STACK / "prometheus" / "tests").glob("*.yml"))
SECTIONS = ["What you see", "What it means for recordings", "Look here", "Do this"]
NO_ALERT = "disasters.md"
"""That something does not come back is what people find out; other pages lead there."""
RULES = shipped_rules()
ALERTS = {rule["alert"]: rule for rule in RULES if "alert" in rule}


def needs(program: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(
        shutil.which(program) is None, reason=f"{program} is not installed (apt-get install prometheus prometheus-alertmanager)"
    )


def ran(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_files_are_what_the_code_says() -> None:
    ran(sys.executable, ROOT / "scripts" / "observability.py", "--check")


@needs("promtool")
def test_prometheus_takes_the_configuration_and_all_rules() -> None:
    found = ran("promtool", "check", "config", STACK / "prometheus" / "prometheus.yml")
    assert found.count("rules found") == len(RULE_FILES)


@needs("promtool")
@pytest.mark.parametrize(
    "trial", [pytest.param(path, marks=pytest.mark.heavy if path.name.startswith("slo-") else ()) for path in TRIALS],
    ids=lambda path: path.stem,
)  # fmt: skip
def test_alerts_fire_are_silent_and_are_over_when_they_should(trial: Path) -> None:
    ran("promtool", "test", "rules", trial)


def test_each_alert_is_seen_to_fire_and_to_be_silent_before_and_after() -> None:
    looks: dict[str, list[bool]] = {}
    for path in TRIALS:
        for trial in yaml.safe_load(path.read_text(encoding="utf-8"))["tests"]:
            for look in trial["alert_rule_test"]:
                looks.setdefault(look["alertname"], []).append(bool(look["exp_alerts"]))
    assert looks.keys() == ALERTS.keys()
    for name, fires in looks.items():
        if name == "Watchdog":
            assert all(fires)
        else:
            assert fires[:2] == [False, False], name
            assert fires[-2:] == [True, False], name


@pytest.mark.parametrize("name", ALERTS)
def test_each_alert_says_what_it_means_and_leads_to_a_page(name: str) -> None:
    alert = ALERTS[name]
    assert alert["labels"]["severity"] in {"page", "ticket", "none"}
    assert alert["annotations"].keys() == {"summary", "impact", "runbook_url"}
    page = RUNBOOKS / alert["annotations"]["runbook_url"].rpartition("/")[2]
    assert re.findall(r"^## (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE) == SECTIONS


def test_no_page_is_without_an_alert_and_no_link_leads_nowhere() -> None:
    pages = {path.name for path in RUNBOOKS.glob("*.md")} - {"README.md", NO_ALERT}
    assert pages == {alert["annotations"]["runbook_url"].rpartition("/")[2] for alert in ALERTS.values()}
    for path in RUNBOOKS.glob("*.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
            assert target.endswith("reference/metrics.md") or (path.parent / target).exists(), f"{path.name}: {target}"


def test_rules_ask_for_figures_and_labels_that_there_are() -> None:
    described = {one.name: set(one.labels) for one in Metrics.open().catalogue.described}
    series = {
        name + suffix: labels | {"le"} for name, labels in described.items() for suffix in ("", "_bucket", "_count", "_sum")
    }
    for rule in RULES:
        for name, matchers in re.findall(r"(?<![:\w])(diarist_\w+)(?:\{([^}]*)\})?", rule["expr"]):
            assert name in series, f"{name} of {rule.get('alert', rule.get('record'))}"
            asked = set(re.findall(r'(\w+)(?:=|!=|=~|!~)"', matchers)) - {"job", "instance"}
            assert asked <= series[name], f"{name} has no {asked - series[name]}"


def test_rules_ask_for_what_other_rules_work_out() -> None:
    recorded = {rule["record"] for rule in RULES if "record" in rule}
    asked = {name for rule in RULES for name in re.findall(r"\b\w+:\w+:\w+\b|\bslo:\w+:\w+\b", rule["expr"])}
    assert asked <= recorded


def test_each_role_is_scraped_at_its_own_port() -> None:
    scraped = yaml.safe_load((STACK / "prometheus" / "prometheus.yml").read_text(encoding="utf-8"))["scrape_configs"]
    ports = {one["job_name"]: one["dns_sd_configs"][0]["port"] for one in scraped if "dns_sd_configs" in one}
    assert ports == {name: role.private_port for name, role in ROLES.items() if name != "standalone"}
