"""Upgrades a fleet in use from the release before, rolls it back, and proves that nobody notices.

    make upgrade-test ARGS="--seed 7"

Two acts: from the release before to the tree as it stands, and back; and from the tree to a release that is made up, which takes
something away. Prints what was done and what came of it, writes it as JSON, and exits 1 when a goal is missed; in less than nine
minutes.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

from chaos import command
from chaos.command import Proof
from chaos.report import Finding
from upgrade import acts, made_up
from upgrade.releases import HistoryMissing, Release, present, previous
from upgrade.scene import Scene

RESULTS = Path(__file__).parents[2] / "build" / "upgrade.json"
Act = Callable[[Release, Release, Path, int], tuple[list[Finding], Scene]]


def prove(folder: Path, seed: int, wanted: Iterable[str]) -> Proof:
    """Play the acts; what the processes said stays in the folder."""
    began, proof = time.monotonic(), Proof(findings=[], happened=[])
    if "previous" in wanted:
        try:
            _play(proof, acts.there_and_back, previous(folder), present(folder / "new"), folder, seed, began)
        except HistoryMissing as missing:
            _say(f"NOT RUN: the upgrade from the release before. {missing}")
            proof.findings.append(
                Finding(name="upgrades from the release before that were tried", value=0, detail=f"skipped: {missing}")
            )
    if "next" in wanted:
        _play(proof, acts.beyond_return, present(folder), made_up.following(folder), folder, seed, began)
    proof.findings.append(Finding(name="duration", value=round(time.monotonic() - began), unit="s", at_most=540))
    return proof


def _play(proof: Proof, act: Act, old: Release, new: Release, folder: Path, seed: int, began: float) -> None:
    title = f"{old.name} to {new.name}"
    _say(f"{time.monotonic() - began:.0f} s: {title}")
    findings, at = act(old, new, folder / f"from-{old.name}", seed)
    proof.findings.extend(replace(one, name=f"{title}: {one.name}") for one in findings)
    proof.happened.extend(replace(one, at=one.at + at.began - began) for one in at.happened)


def _say(what: str) -> None:
    sys.stderr.write(f"{what}\n")


def main() -> int:
    """Read the command line, run, and report."""
    parser = command.parser("Upgrades a fleet in use, rolls it back, and proves that nobody notices.", RESULTS)
    parser.add_argument("--act", choices=("previous", "next"), action="append", help="only this one; both otherwise")
    arguments = parser.parse_args()
    wanted = arguments.act or ["previous", "next"]
    return command.run(
        partial(prove, seed=arguments.seed, wanted=wanted), arguments, f"seed {arguments.seed}", {"seed": arguments.seed}
    )


if __name__ == "__main__":
    sys.exit(main())
