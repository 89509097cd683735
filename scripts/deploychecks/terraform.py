"""Terraform: its form, whether it fits together, and its tests against an AWS that it plays itself."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from deploychecks.check import Check, Outcome, found
from deploychecks.programs import TERRAFORM
from made_files import ROOT

FOLDER = ROOT / "deploy" / "terraform"


def checks() -> list[Check]:
    """All of them."""
    return [
        Check(name="terraform fmt", needs=[TERRAFORM], judge=_form),
        Check(name="terraform validate, test", needs=[TERRAFORM], judge=_tests),
    ]


def _files() -> str:
    return f"{sum(1 for _ in FOLDER.rglob('*.tf'))} files"


def _form() -> Outcome:
    with _environment() as environment:
        findings = found("terraform", "fmt", "-check", "-diff", "-recursive", FOLDER, env=environment)
    return Outcome(looked_at=_files(), findings=findings)


def _tests() -> Outcome:
    with tempfile.TemporaryDirectory() as folder, _environment() as environment:
        copy = Path(folder) / "terraform"
        shutil.copytree(FOLDER, copy, ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*"))
        for arguments in (["init", "-backend=false", "-input=false"], ["validate"], ["test"]):
            if findings := found("terraform", *arguments, "-no-color", cwd=copy, env=environment):
                return Outcome(looked_at=_files(), findings=findings)
    runs = sum(file.read_text(encoding="utf-8").count('\nrun "') for file in (FOLDER / "tests").glob("*.tftest.hcl"))
    return Outcome(looked_at=f"{_files()}, {runs} trials")


@contextmanager
def _environment() -> Iterator[Mapping[str, str]]:
    """Providers come from a folder where TF_PLUGIN_MIRROR names one, and else from wherever Terraform is told to take them."""
    quiet = {"CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}
    mirror = os.environ.get("TF_PLUGIN_MIRROR")
    if mirror is None:
        yield quiet
        return
    with tempfile.NamedTemporaryFile("w", suffix=".tfrc") as settings:
        settings.write(f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror}"\n  }}\n}}\n')
        settings.flush()
        yield {**quiet, "TF_CLI_CONFIG_FILE": settings.name}
