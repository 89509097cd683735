"""What Kubernetes gets fits together: pods keep to `restricted`, all that is named is there, nobody is left open."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from deployed import DEPLOY, FLEET
from helm_chart import named, needs_helm, resources
from shipped_rules import shipped_rules

SETS = (("dev",), ("prod",), ("edge",), ("prod", "gpu"), ("prod", "canary"))
VOLUMES = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"}
"""Kinds that the profile allows: https://kubernetes.io/docs/concepts/security/pod-security-standards/."""
QUIET = ("dashboards.enabled=false",)

pytestmark = [needs_helm, pytest.mark.parametrize("names", SETS, ids="+".join)]


@cache
def made(names: tuple[str, ...]) -> list[dict[str, Any]]:
    return resources(*names, given=QUIET)


def pods(names: tuple[str, ...]) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Name, metadata and spec of what pods are made from."""
    for one in made(names):
        spec = one.get("spec", {})
        pod = spec.get("jobTemplate", {}).get("spec", spec).get("template") if one["kind"] != "Pod" else one
        if pod and "containers" in pod.get("spec", {}):
            yield f"{one['kind']} {one['metadata']['name']}", pod.get("metadata", {}), pod["spec"]


def selects(selector: dict[str, Any], labels: dict[str, str]) -> bool:
    wanted = selector.get("matchLabels", {})
    fits = {
        "In": lambda one: labels.get(one["key"]) in one["values"],
        "NotIn": lambda one: labels.get(one["key"]) not in one["values"],
    }
    return wanted.items() <= labels.items() and all(fits[one["operator"]](one) for one in selector.get("matchExpressions", ()))


def test_pods_keep_to_the_restricted_profile(names: tuple[str, ...]) -> None:
    for name, _, spec in pods(names):
        assert spec["securityContext"]["runAsNonRoot"] is True, name
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert not {"hostNetwork", "hostPID", "hostIPC"} & spec.keys(), name
        assert all(set(volume) - {"name"} <= VOLUMES for volume in spec.get("volumes", ())), name
        for container in [*spec["containers"], *spec.get("initContainers", ())]:
            context = container["securityContext"]
            assert context["allowPrivilegeEscalation"] is False, name
            assert context["capabilities"] == {"drop": ["ALL"]}, name
            assert context["readOnlyRootFilesystem"] is True, name
            assert container["resources"]["limits"].keys() >= {"cpu", "memory"}, name
            assert container["resources"]["requests"].keys() >= {"cpu", "memory"}, name


def test_no_pod_holds_a_token_of_the_cluster(names: tuple[str, ...]) -> None:
    accounts = {one["metadata"]["name"]: one for one in named(made(names), "ServiceAccount")}
    assert all(one["automountServiceAccountToken"] is False for one in accounts.values())
    assert {f"diarist-{role}" for role in FLEET} <= set(accounts)
    for name, _, spec in pods(names):
        assert spec["automountServiceAccountToken"] is False, name
        assert spec.get("serviceAccountName", "default") in {*accounts, "default"}, name


def test_every_pod_is_closed_but_for_what_is_named(names: tuple[str, ...]) -> None:
    policies = named(made(names), "NetworkPolicy")
    [closed] = [one for one in policies if "ingress" not in one["spec"] and "egress" not in one["spec"]]
    assert closed["spec"]["policyTypes"] == ["Ingress", "Egress"]
    for name, metadata, _ in pods(names):
        assert selects(closed["spec"]["podSelector"], metadata["labels"]), name
    labels = [metadata["labels"] for _, metadata, _ in pods(names)]
    labels += [metadata["labels"] | {"app.kubernetes.io/component": "test"} for _, metadata, _ in pods(names)]
    for policy in policies:
        assert any(selects(policy["spec"]["podSelector"], one) for one in labels), policy["metadata"]["name"]
        for rule in policy["spec"].get("egress", ()):
            assert rule.get("ports"), f"{policy['metadata']['name']} lets everything out"
        for rule in policy["spec"].get("ingress", ()):
            assert rule.get("ports"), policy["metadata"]["name"]
            assert rule.get("from"), f"{policy['metadata']['name']} lets everybody in"


def test_whatever_is_pointed_at_is_there(names: tuple[str, ...]) -> None:
    deployments = {one["metadata"]["name"] for one in named(made(names), "Deployment")}
    for kind in ("HorizontalPodAutoscaler", "ScaledObject"):
        assert {one["spec"]["scaleTargetRef"]["name"] for one in named(made(names), kind)} <= deployments
    labels = [metadata.get("labels", {}) for _, metadata, _ in pods(names)]
    for one in named(made(names), "Service"):
        assert any(one["spec"]["selector"].items() <= some.items() for some in labels), one["metadata"]["name"]
    for one in named(made(names), "PodDisruptionBudget"):
        assert any(selects(one["spec"]["selector"], some) for some in labels), one["metadata"]["name"]
    priorities = {one["metadata"]["name"] for one in named(made(names), "PriorityClass")}
    assert {spec["priorityClassName"] for _, _, spec in pods(names) if "priorityClassName" in spec} <= priorities
    services = {one["metadata"]["name"] for one in named(made(names), "Service")}
    for ingress in named(made(names), "Ingress"):
        asked = {path["backend"]["service"]["name"] for rule in ingress["spec"]["rules"] for path in rule["http"]["paths"]}
        assert asked <= services


def test_what_is_scaled_says_nothing_of_its_replicas_and_all_may_be_moved(names: tuple[str, ...]) -> None:
    scaled = {
        one["spec"]["scaleTargetRef"]["name"]
        for kind in ("HorizontalPodAutoscaler", "ScaledObject")
        for one in named(made(names), kind)
    }
    moved = {one["metadata"]["name"] for one in named(made(names), "PodDisruptionBudget")}
    for one in named(made(names), "Deployment"):
        name = one["metadata"]["name"]
        assert ("replicas" in one["spec"]) == (name not in scaled), name
        assert name in moved
        spread = {rule["topologyKey"] for rule in one["spec"]["template"]["spec"]["topologySpreadConstraints"]}
        assert spread == {"topology.kubernetes.io/zone", "kubernetes.io/hostname"}, name


def test_migrations_come_before_and_after_the_roles(names: tuple[str, ...]) -> None:
    jobs = {one["metadata"]["name"]: one for one in named(made(names), "Job")}
    hooks = {name: one["metadata"]["annotations"]["helm.sh/hook"] for name, one in jobs.items()}
    both = {"diarist-migrate-pre": "pre-install,pre-upgrade", "diarist-migrate-post": "post-install,post-upgrade"}
    assert hooks == ({"diarist-migrate-pre": both["diarist-migrate-pre"]} if "canary" in names else both)
    asked = {name: one["spec"]["template"]["spec"]["containers"][0]["args"] for name, one in jobs.items()}
    assert asked["diarist-migrate-pre"] == ["db", "upgrade", "--phase", "pre"]
    assert asked.get("diarist-migrate-post", ["db", "upgrade"]) == ["db", "upgrade"]


def test_alerts_and_dashboards_arrive_as_they_were_written(names: tuple[str, ...]) -> None:
    rules = [rule for one in named(made(names), "PrometheusRule") for group in one["spec"]["groups"] for rule in group["rules"]]
    assert rules == (shipped_rules() if names in {("prod",), ("prod", "gpu")} else [])
    if names == ("prod",):
        arrived = {
            key.removeprefix("diarist-"): json.loads(text)
            for one in named(resources(*names), "ConfigMap")
            if one["metadata"]["labels"].get("grafana_dashboard")
            for key, text in one["data"].items()
        }
        folder = DEPLOY / "observability" / "grafana" / "dashboards"
        assert arrived == {path.name: json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")}


def test_secrets_are_in_no_map_that_everybody_may_read(names: tuple[str, ...]) -> None:
    for one in named(made(names), "ConfigMap"):
        assert not [
            key for key in one["data"] if any(word in key for word in ("SECRET", "PASSWORD", "DATABASE__URL", "BROKER__URL"))
        ]
