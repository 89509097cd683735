"""Judges resources that are not Kubernetes' own by models of their makers; reads YAML from stdin, prints a line a finding.

Run by the Python of `.deploy`, which has those models; it imports nothing of ours.
"""

from __future__ import annotations

import sys
from collections import Counter
from typing import Any

import yaml
from cloudcoil.models.keda.v1alpha1 import ScaledObject
from cloudcoil.models.prometheus_operator.v1 import PodMonitor, PrometheusRule
from pydantic import ValidationError

MODELS = {"ScaledObject": ScaledObject, "PodMonitor": PodMonitor, "PrometheusRule": PrometheusRule}
UNSEEN = {"ExternalSecret", "HTTPRoute"}
"""No package has a model of these."""
PROMETHEUS_TRIGGER = {
    "serverAddress", "query", "threshold", "activationThreshold", "namespace", "cortexOrgID", "customHeaders", "ignoreNullValues",
    "queryParameters", "unsafeSsl", "timeout", "authModes",
}  # fmt: skip
"""Metadata of KEDA's scaler, which its schema leaves open: https://keda.sh/docs/latest/scalers/prometheus/."""
BEHAVIORS = {"static", "currentReplicas", "currentReplicasIfHigher", "currentReplicasIfLower"}
"""Of a fallback, since KEDA 2.17; models for older Pythons are of KEDA 2.16."""


def main() -> int:
    """How many findings there are, as an exit status."""
    seen: Counter[str] = Counter()
    findings: list[str] = []
    for document in yaml.load_all(sys.stdin, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        kind = (document or {}).get("kind", "")
        if kind in MODELS:
            seen[kind] += 1
            findings += _judged(document)
    print(*findings, sep="\n", end="\n" if findings else "")
    print(", ".join(f"{number} {kind}" for kind, number in sorted(seen.items())) + f"; not {', '.join(sorted(UNSEEN))}")
    return int(bool(findings))


def _judged(document: dict[str, Any]) -> list[str]:
    name = f"{document['kind']} {document['metadata']['name']}"
    findings = []
    if document["kind"] == "ScaledObject":
        behavior = document["spec"]["fallback"].pop("behavior", "static")
        if behavior not in BEHAVIORS:
            findings.append(f"{name}: fallback.behavior {behavior}")
        asked = {key for trigger in document["spec"]["triggers"] for key in trigger["metadata"]}
        findings += [f"{name}: unknown metadata {key}" for key in sorted(asked - PROMETHEUS_TRIGGER)]
    model = MODELS[document["kind"]]
    try:
        made = model.model_validate(document)
    except ValidationError as error:
        return [*findings, f"{name}: {error}"]
    # Models take what they do not know without a word: it is missing when they are asked for all.
    written = made.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return [*findings, *(f"{name}: unknown field {path}" for path in _lost(document, written))]


def _lost(given: Any, kept: Any, path: str = "") -> list[str]:
    if isinstance(given, dict) and isinstance(kept, dict):
        return [
            lost
            for key, value in given.items()
            for lost in ([f"{path}.{key}"] if key not in kept else _lost(value, kept[key], f"{path}.{key}"))
        ]
    if isinstance(given, list) and isinstance(kept, list):
        return [
            lost
            for number, (one, other) in enumerate(zip(given, kept, strict=False))
            for lost in _lost(one, other, f"{path}[{number}]")
        ]
    return []


if __name__ == "__main__":
    raise SystemExit(main())
