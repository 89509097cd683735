"""One thing has one name: in the code, in Compose, in the chart, in alerts, on dashboards and in the documentation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from deployed import DEPLOY, FLEET, ROOT, compose, documents, metrics, read, texts, values
from diarist.queue.broker import QUEUES
from diarist.services.roles import ROLES
from diarist.settings import Settings

OTHERS = {
    # Of the Python client and of commands against a fleet; of what rolls a version out.
    "DIARIST_API_KEY", "DIARIST_API_URL", "DIARIST_URL",
    # Read by Compose itself.
    "DIARIST_OBSERVABILITY",
    # A receiver's own, in an example.
    "DIARIST_WEBHOOK_SECRET",
}  # fmt: skip
NOT_METRICS = {"diarist_touch_tones", "diarist_monitor", "diarist_app"}
"""A module, and two users of PostgreSQL."""
WATCHED = ["how-to", "runbooks", "explanation"]
METRIC = re.compile(r"(?<![:\w])diarist_[a-z_]+[a-z]\b(?![:.])")


def is_setting(name: str) -> bool:
    at: Any = Settings
    for part in name.removeprefix("DIARIST_").lower().split("__"):
        fields = getattr(at, "model_fields", {})
        if part not in fields:
            return False
        at = fields[part].annotation
    return True


def queries() -> Iterator[tuple[str, str]]:
    """Whatever asks Prometheus."""
    yield from ((name, text) for name, text in texts() if "observability" in name or "kubernetes" in name)
    yield from documents(*WATCHED)


def test_every_setting_that_is_named_is_one() -> None:
    named = {
        (name, file) for file, text in [*texts(), *documents("how-to")] for name in re.findall(r"\bDIARIST_[A-Z_]+[A-Z]", text)
    }
    assert len(named) > 50
    assert not {(name, file) for name, file in named if name not in OTHERS and not is_setting(name)}


def test_every_metric_that_is_asked_for_is_told() -> None:
    asked = {(name, file) for file, text in queries() for name in METRIC.findall(text)}
    told = metrics()
    assert len(asked) > 100
    assert not {(name, file) for name, file in asked if name not in told | NOT_METRICS}


def test_every_queue_that_is_asked_for_is_one() -> None:
    asked = {one for _, text in queries() for some in re.findall(r'\bqueue=~?\\?"([\w|]+)\\?"', text) for one in some.split("|")}
    asked |= {queue for role in values()["roles"].values() for group in role.get("groups", ()) for queue in group["queues"]}
    assert asked == set(QUEUES)


def test_every_job_that_is_asked_for_is_a_role_or_what_watches() -> None:
    scraped = {one["job_name"] for one in read(DEPLOY / "observability" / "prometheus" / "prometheus.yml")["scrape_configs"]}
    asked = {one for _, text in queries() for some in re.findall(r'\bjob=~?\\?"([\w|-]+)\\?"', text) for one in some.split("|")}
    assert asked >= set(FLEET)
    # Examples of how to ask leave a gap.
    assert asked - {"JOB", "ROLE"} <= scraped | set(ROLES)


@pytest.mark.parametrize("name", sorted(FLEET))
def test_compose_runs_each_role_and_prometheus_scrapes_it(name: str) -> None:
    assert compose()[name]["command"] == ["serve", name]
    scraped = read(DEPLOY / "observability" / "prometheus" / "prometheus.yml")["scrape_configs"]
    (job,) = [one for one in scraped if one["job_name"] == name]
    assert [(some["names"], some["port"]) for some in job["dns_sd_configs"]] == [([name], FLEET[name].private_port)]


def test_the_image_names_every_port() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    exposed = {int(port) for line in re.findall(r"^EXPOSE (.+)", dockerfile, re.MULTILINE) for port in line.split()}
    served = {port for role in FLEET.values() for port in (role.public_port, role.private_port) if port}
    assert served <= exposed


def test_compose_gives_roles_the_room_that_the_chart_gives_them() -> None:
    for name, role in values()["roles"].items():
        limits = compose()[name]["deploy"]["resources"]["limits"]
        cores, memory = (re.sub(r"^\$\{\w+:-(.*)\}$", r"\1", str(limits[what])) for what in ("cpus", "memory"))
        assert (cores, memory.removesuffix("g") + "Gi") == (
            role["resources"]["limits"]["cpu"],
            role["resources"]["limits"]["memory"],
        )


def test_images_are_published_under_the_names_by_which_they_are_run() -> None:
    workflow = (ROOT / ".github" / "workflows" / "images.yml").read_text(encoding="utf-8")
    published = {
        (one["name"], one["target"]) for one in map(yaml.safe_load, re.findall(r"- (\{name: .*?\})$", workflow, re.MULTILINE))
    }
    run = {
        values()["image"]["repository"],
        values()["workerImage"]["repository"],
        values("values-gpu")["workerImage"]["repository"],
    }
    assert {name.rpartition("/")[2] for name in run} == {name for name, _ in published}
    targets = re.findall(r"^FROM \S+ AS (\S+)", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert {target for _, target in published} <= set(targets)
