"""The chart, made into what Kubernetes gets for each set of values, and judged by Kubernetes' and its operators' own schemas."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from deploychecks.check import Check, Finding, Outcome, found, ran
from deploychecks.programs import ENVIRONMENT, HELM, KUBERNETES_VALIDATE
from made_files import ROOT

KUBERNETES = ROOT / "deploy" / "kubernetes"
CHART = KUBERNETES / "diarist"
SETS = (("dev",), ("prod",), ("edge",), ("prod", "gpu"), ("prod", "canary"), ("dev", "gpu"))
"""Names of `values-NAME.yaml` that are used together, the later over the earlier."""
GATEWAY = ("--set", "ingress.enabled=false,gateway.enabled=true,gateway.name=door,gateway.host=diary.example.org")
PLAIN = ("--set", "dashboards.enabled=false")
"""They are most of what there is to read; `tests/architecture/test_rendered_chart.py` looks at them."""
REFUSED = {
    "a setting that is no setting's name": ["env.diarist=x"],
    "a secret among what everybody may read": ["env.DIARIST_DATABASE__URL=postgresql://x"],
    "a value that there is not": ["replicas=3"],
    "a role that there is not": ["roles.other.enabled=true"],
    "fewer replicas at most than at least": ["roles.llm-worker.replicas.max=1"],
    "a fleet without an object store": ["storage.url="],
    "a fleet without secrets": ["externalSecret.enabled=false"],
    "an unknown phase": ["migration.phases={middle}"],
}
"""What the chart has to refuse, said with the values for production."""


def checks() -> list[Check]:
    """All of them."""
    return [
        Check(name="helm lint", needs=[HELM], judge=_lint),
        Check(name="helm template: bad values are refused", needs=[HELM], judge=_refusals),
        Check(name="kubernetes-validate --strict", needs=[HELM, KUBERNETES_VALIDATE], judge=_schemas),
        Check(name="resources of KEDA, Prometheus operator", needs=[HELM], judge=_custom_resources),
    ]


def rendered() -> dict[str, str]:
    """What Kubernetes gets, by the names of the sets; raises AssertionError with what Helm says of one that it cannot make."""
    made = {"+".join(names): _template(*_values(*names), *PLAIN) for names in SETS}
    return made | {"prod by a Gateway": _template(*_values("prod"), *GATEWAY, *PLAIN)}


def _template(*arguments: str) -> str:
    done = ran("helm", "template", "diarist", CHART, "--namespace", "diarist", *arguments)
    assert done.returncode == 0, done.stderr  # noqa: S101 - told as a finding
    return done.stdout


def _values(*names: str) -> list[str]:
    return [argument for name in names for argument in ("--values", str(CHART / f"values-{name}.yaml"))]


def _lint() -> Outcome:
    findings = [finding for names in SETS for finding in found("helm", "lint", "--strict", CHART, *_values(*names))]
    return Outcome(looked_at=f"{len(SETS)} sets of values", findings=findings)


def _refusals() -> Outcome:
    findings: list[Finding] = []
    for what, values in REFUSED.items():
        done = ran("helm", "template", CHART, *_values("prod"), *[part for value in values for part in ("--set", value)])
        if done.returncode == 0:
            findings.append(f"{what} is not refused: {values}")
    return Outcome(looked_at=f"{len(REFUSED)} mistakes", findings=findings)


def _schemas() -> Outcome:
    documents = 0
    with tempfile.TemporaryDirectory() as folder:
        files = [KUBERNETES / "namespace.yaml"]
        for number, (name, text) in enumerate(rendered().items()):
            file = Path(folder) / f"{number}-{name.replace(' ', '-')}.yaml"
            file.write_text(text, encoding="utf-8")
            files.append(file)
            documents += len(re.findall(r"^kind:", text, re.MULTILINE))
        findings = found("kubernetes-validate", "--strict", *files)
    return Outcome(looked_at=f"{documents} resources", findings=findings)


def _custom_resources() -> Outcome:
    script = Path(__file__).with_name("custom_resources.py")
    done = ran(ENVIRONMENT / "bin" / "python", script, given="\n---\n".join(rendered().values()))
    said = done.stdout.splitlines()
    if done.returncode or not said:
        return Outcome(looked_at="", findings=[*said, done.stderr.strip()])
    return Outcome(looked_at=said[-1])
