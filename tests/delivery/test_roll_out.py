"""A version that does not work is taken back; what takes away comes last. Helm and the proof only write down what they hear."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STAND_IN = """#!/bin/sh
echo "$(basename "$0") $*" >> "$TOLD"
case "$(basename "$0") $1" in
    "helm list") echo "$INSTALLED" ;;
    "helm upgrade") exit "${UPGRADE:-0}" ;;
    smoke*) exit "${PROOF:-0}" ;;
esac
"""
Ended = tuple[int, str, list[str]]


@pytest.fixture
def roll_out(tmp_path: Path) -> Callable[..., Ended]:
    """The script: its status, what it said, and which commands it gave."""
    for name in ("helm", "smoke"):
        (tmp_path / name).write_text(STAND_IN)
        (tmp_path / name).chmod(0o755)
    told = tmp_path / "told"

    def run(*arguments: str, **environment: str) -> Ended:
        known = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "TOLD": str(told), "SMOKE": "smoke", "INSTALLED": "diarist"}
        known |= {"DIARIST_URL": "https://diary.example.org", "VALUES": "values-prod.yaml\nvalues aws.json\n"}
        ended = subprocess.run(
            ["sh", str(ROOT / "scripts/deploy/roll-out.sh"), *arguments],
            env=known | environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return ended.returncode, ended.stderr, told.read_text().splitlines() if told.exists() else []

    return run


def test_programs_are_proven_before_anything_is_taken_away(roll_out: Callable[..., Ended]) -> None:
    status, _, told = roll_out("release", "1.2.3")
    assert status == 0
    _, programs, proof, rest = told
    assert programs.startswith("helm upgrade diarist deploy/kubernetes/diarist --install --namespace diarist")
    assert "--rollback-on-failure --wait" in programs
    assert "--set migration.phases={pre} --set image.tag=1.2.3 --set workerImage.tag=1.2.3" in programs
    assert programs.endswith("--values values-prod.yaml --values values aws.json")
    assert proof == "smoke https://diary.example.org --version 1.2.3"
    assert "migration.phases={pre,post}" in rest


def test_a_version_that_is_not_proven_goes_back(roll_out: Callable[..., Ended]) -> None:
    status, said, told = roll_out("release", "1.2.3", PROOF="1")
    assert status == 1
    assert told[-1].startswith("helm rollback diarist --namespace diarist --wait")
    assert not [command for command in told if "post" in command]
    assert "the version before it is back" in said


def test_the_first_version_of_all_has_nothing_to_go_back_to(roll_out: Callable[..., Ended]) -> None:
    status, said, told = roll_out("release", "1.2.3", PROOF="1", INSTALLED="")
    assert status == 1
    assert not [command for command in told if command.startswith("helm rollback")]
    assert "no version before it" in said


def test_an_upgrade_that_helm_took_back_is_not_proven(roll_out: Callable[..., Ended]) -> None:
    status, _, told = roll_out("release", "1.2.3", UPGRADE="1")
    assert status == 1
    assert [command.split()[0] for command in told] == ["helm", "helm"]


def test_a_canary_stands_beside_and_is_asked_by_its_header(roll_out: Callable[..., Ended]) -> None:
    status, _, (upgrade, proof) = roll_out("canary", "1.2.3")
    assert status == 0
    assert upgrade.startswith("helm upgrade diarist-canary ")
    assert "migration.phases={pre}" in upgrade
    assert upgrade.endswith(
        "--values values-prod.yaml --values values aws.json --values deploy/kubernetes/diarist/values-canary.yaml"
    )
    assert "--header X-Diarist-Canary: always --rounds 10 --pause 60" in proof


def test_a_canary_that_is_not_proven_is_taken_away(roll_out: Callable[..., Ended]) -> None:
    status, said, told = roll_out("canary", "1.2.3", PROOF="1")
    assert status == 1
    assert told[-1].startswith("helm uninstall diarist-canary ")
    assert "everybody is served by the version before" in said


def test_a_canary_can_be_taken_away_twice(roll_out: Callable[..., Ended]) -> None:
    status, _, told = roll_out("withdraw", DIARIST_URL="")
    assert status == 0
    assert "--ignore-not-found" in told[0]


@pytest.mark.parametrize("arguments", [(), ("release",), ("canary",), ("elsewhere", "1.2.3"), ("withdraw", "1.2.3")])
def test_nothing_is_done_when_it_is_not_clear_what(roll_out: Callable[..., Ended], arguments: tuple[str, ...]) -> None:
    status, said, told = roll_out(*arguments)
    assert status == 1
    assert "usage" in said
    assert not told


def test_the_chart_knows_what_it_is_told(roll_out: Callable[..., Ended]) -> None:
    _, _, (upgrade, _) = roll_out("canary", "1.2.3")
    values = (ROOT / "deploy/kubernetes/diarist/values.yaml").read_text(encoding="utf-8")
    assert "phases:" in values.partition("migration:")[2].partition("\n\n")[0]
    canary = (ROOT / "deploy/kubernetes/diarist/values-canary.yaml").read_text(encoding="utf-8")
    assert 'nginx.ingress.kubernetes.io/canary: "true"' in canary
    assert "canary-by-header: X-Diarist-Canary" in canary
    assert "image.tag" in upgrade
