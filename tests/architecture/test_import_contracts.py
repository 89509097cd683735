"""The import contracts of pyproject.toml hold, and the layers of ARCHITECTURE.md are the ones that they check."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from importlinter import api

ROOT = Path(__file__).parents[2]


def test_every_contract_is_kept() -> None:
    linted = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert linted.returncode == 0, linted.stdout + linted.stderr
    assert " 0 broken" in linted.stdout


def test_the_picture_shows_the_layers_that_are_checked() -> None:
    contracts = api.read_configuration(str(ROOT / "pyproject.toml"))["contracts_options"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    picture = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    drawn = picture.split("<!-- layers -->")[1].strip().removeprefix("```").removesuffix("```").split()
    checked = " ".join(layers).split()
    assert drawn == checked
