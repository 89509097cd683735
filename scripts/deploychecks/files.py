"""Files that one program judges by itself: images, Compose, workflows, shell, YAML, Prometheus, HAProxy, secrets."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from deploychecks.check import Check, Outcome, found
from deploychecks.programs import (
    ACTIONLINT,
    AMTOOL,
    COMPOSE,
    GITLEAKS,
    HADOLINT,
    HAPROXY,
    PROMTOOL,
    SHELLCHECK,
    YAMLLINT,
    ZIZMOR,
    Program,
)  # fmt: skip
from made_files import ROOT

DEPLOY = ROOT / "deploy"
PROMETHEUS = DEPLOY / "observability" / "prometheus"
NAIVE = "naive.Dockerfile"
"""Kept for comparison, with all that one should not do."""
OVERRIDES = ("docker-compose.dev.yml", "docker-compose.fast.yml", "deploy/docker/compose.offline.yml")


def checks() -> list[Check]:
    """All of them."""
    return [
        _each("hadolint", HADOLINT, _dockerfiles, lambda file: [["hadolint", file]]),
        Check(name="docker-compose config", needs=[COMPOSE], judge=_compose),
        _each(
            "promtool check",
            PROMTOOL,
            lambda: PROMETHEUS.glob("prometheus.yml"),
            lambda file: [["promtool", "check", "config", file]],
        ),
        _each(
            "amtool check-config",
            AMTOOL,
            lambda: DEPLOY.rglob("alertmanager.yml"),
            lambda file: [["amtool", "check-config", file]],
        ),
        _each("haproxy -c", HAPROXY, lambda: DEPLOY.rglob("haproxy.cfg"), lambda file: [["haproxy", "-c", "-q", "-f", file]]),
        _all("actionlint", ACTIONLINT, _workflows, ["actionlint", "-no-color"]),
        Check(name="zizmor", needs=[ZIZMOR], judge=_zizmor),
        _all("shellcheck", SHELLCHECK, _shell, ["shellcheck", "--external-sources", "--source-path=SCRIPTDIR"]),
        _all("yamllint", YAMLLINT, _yaml, ["yamllint", "--strict", "--config-file", str(DEPLOY / ".yamllint.yaml")]),
        Check(name="gitleaks", needs=[GITLEAKS], judge=_secrets),
    ]


def _each(
    name: str, program: Program, files: Callable[[], Iterable[Path]], commands: Callable[[Path], Sequence[Sequence[str | Path]]]
) -> Check:
    """A program that takes one file at a time."""

    def judge() -> Outcome:
        looked = sorted(files())
        findings = [finding for file in looked for command in commands(file) for finding in found(*command)]
        return Outcome(looked_at=_counted(looked), findings=findings)

    return Check(name=name, needs=[program], judge=judge)


def _all(name: str, program: Program, files: Callable[[], Iterable[Path]], command: Sequence[str]) -> Check:
    """A program that takes all files at once."""

    def judge() -> Outcome:
        looked = sorted(files())
        return Outcome(looked_at=_counted(looked), findings=found(*command, *looked, cwd=ROOT) if looked else [])

    return Check(name=name, needs=[program], judge=judge)


def _counted(looked: Sequence[Path]) -> str:
    if len(looked) == 1:
        return str(looked[0].relative_to(ROOT))
    return f"{len(looked)} files" if looked else ""


def tracked(*ends: str) -> list[Path]:
    """Files that are in the repository or could be, whose names end like this."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    paths = [ROOT / name for name in listed.stdout.split("\0") if name.endswith(ends)]
    return [path for path in paths if path.is_file() and not path.is_symlink()]


def _dockerfiles() -> list[Path]:
    return [path for path in tracked("Dockerfile") if path.name != NAIVE]


def _workflows() -> list[Path]:
    return [path for path in tracked(".yml", ".yaml") if ".github/workflows" in str(path)]


def _zizmor() -> Outcome:
    """The whole folder, with what it is told there."""
    looked = _workflows()
    command = ["zizmor", "--quiet", "--offline", "--no-progress", "--persona=auditor", ".github"]
    return Outcome(looked_at=_counted(looked), findings=found(*command, cwd=ROOT) if looked else [])


def _shell() -> list[Path]:
    return [path for path in [*tracked(".sh"), *(ROOT / ".ci").glob("run")] if path.is_file()]


def _yaml() -> list[Path]:
    """What is written by hand: templates of Helm are no YAML yet, and generated rules are as their writer has it."""
    made = (
        "deploy/kubernetes/diarist/templates",
        "deploy/observability/prometheus/rules",
        "deploy/observability/prometheus/tests",
    )
    return [path for path in tracked(".yml", ".yaml") if not str(path.relative_to(ROOT)).startswith(made)]


def _compose() -> Outcome:
    base = ROOT / "docker-compose.yml"
    if not base.is_file():
        return Outcome(looked_at="")
    together = [[base], *([base, ROOT / name] for name in OVERRIDES if (ROOT / name).is_file())]
    findings = [
        finding
        for files in together
        for finding in found(
            "docker-compose", *(part for file in files for part in ("--file", str(file))), "config", "--quiet", cwd=ROOT
        )
    ]
    return Outcome(looked_at=f"{len(together)} sets of files", findings=findings)


def _secrets() -> Outcome:
    """In the files as they are now; what is ignored by Git is nobody's business."""
    files = tracked("")
    with tempfile.TemporaryDirectory(dir=ROOT / ".deploy") as folder:
        for file in files:
            copy = Path(folder) / file.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            os.link(file, copy)
        settings = ["--config", str(DEPLOY / ".gitleaks.toml")]
        findings = found("gitleaks", "dir", "--no-banner", "--no-color", "--redact", "--verbose", *settings, folder)
    return Outcome(looked_at=f"{len(files)} files", findings=findings)
