"""The chart as Helm makes it into what Kubernetes gets."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from typing import Any

import pytest
import yaml

from deployed import CHART, ROOT

HELM = shutil.which("helm", path=f"{ROOT / '.deploy' / 'tools'}") or shutil.which("helm")
needs_helm = pytest.mark.skipif(HELM is None, reason="helm is not installed (`make deploy-check` brings it)")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def resources(*names: str, given: Sequence[str] = ()) -> list[dict[str, Any]]:
    """For the sets of values `values-NAME.yaml`, the later over the earlier, and for single values such as `a.b=c`."""
    chosen = [argument for name in names for argument in ("--values", str(CHART / f"values-{name}.yaml"))]
    chosen += [argument for value in given for argument in ("--set", value)]
    made = subprocess.run(
        [str(HELM), "template", "diarist", str(CHART), "--namespace", "diarist", *chosen],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    return [one for one in yaml.load_all(made.stdout, Loader=_Loader) if one]


def named(found: Sequence[dict[str, Any]], kind: str, name: str = "") -> list[dict[str, Any]]:
    """Those of a kind, and of a name where one is given."""
    return [one for one in found if one["kind"] == kind and (not name or one["metadata"]["name"] == name)]
