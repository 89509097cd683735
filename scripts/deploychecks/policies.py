"""Trivy's rules for clusters, clouds and images; what we mean otherwise stands in `deploy/.trivyignore.yaml`, with why."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from deploychecks.chart import rendered
from deploychecks.check import Check, Finding, Outcome, found, ran
from deploychecks.files import NAIVE
from deploychecks.programs import HELM, TRIVY
from made_files import ROOT

IGNORED = ROOT / "deploy" / ".trivyignore.yaml"
SEVERITIES = "MEDIUM,HIGH,CRITICAL"


def checks() -> list[Check]:
    """All of them."""
    return [
        Check(name="trivy: chart", needs=[TRIVY, HELM], judge=_chart),
        Check(name="trivy: Terraform, Dockerfiles", needs=[TRIVY], judge=_sources),
    ]


def _chart() -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        made = rendered()
        for name, text in made.items():
            (Path(folder) / f"{name.replace(' ', '-')}.yaml").write_text(text, encoding="utf-8")
        return Outcome(looked_at=f"{len(made)} sets of values", findings=_judged(Path(folder)))


def _sources() -> Outcome:
    places = [ROOT / "deploy" / "terraform", ROOT / "deploy" / "docker", *ROOT.glob("Dockerfile")]
    there = [place for place in places if place.exists()]
    findings = [finding for place in there for finding in _judged(place)]
    return Outcome(looked_at=", ".join(place.name for place in there), findings=findings)


def _judged(place: Path) -> list[Finding]:
    arguments = [
        "--quiet",
        "--skip-check-update",
        "--severity",
        SEVERITIES,
        "--ignorefile",
        IGNORED,
        "--skip-files",
        f"**/{NAIVE}",
        "--format",
        "json",
    ]
    done = ran("trivy", "config", *map(str, arguments), place)
    if done.returncode:
        return found("trivy", "config", "--skip-check-update", place) or [done.stderr]
    results: list[dict[str, Any]] = json.loads(done.stdout or "{}").get("Results") or []
    return [
        f"{result['Target']}:{one.get('CauseMetadata', {}).get('StartLine', 0)} {one['ID']} {one['Severity']}: {one['Message']}"
        for result in results
        for one in result.get("Misconfigurations") or ()
    ]
