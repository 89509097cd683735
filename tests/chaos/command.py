"""What the command lines of all runs have in common: a seed, a limit of time, a report, and what the processes said."""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from chaos import report
from chaos.faults import Happened
from chaos.report import Finding

LIMIT = 535
"""Seconds after which a run is given up, whatever it is at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a run has found."""

    findings: list[Finding]
    happened: list[Happened]

    @property
    def missed(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.missed]


def parser(description: str, results: Path) -> argparse.ArgumentParser:
    """Of the options that every run has."""
    made = argparse.ArgumentParser(description=description)
    made.add_argument("--seed", type=int, default=7, help="the same seed does the same things in the same order")
    made.add_argument("--keep", type=Path, help="where what the processes said is kept; by default only when a goal is missed")
    made.add_argument("--json", type=Path, default=results, help="where to write what was found")
    return made


def run(prove: Callable[[Path], Proof], arguments: argparse.Namespace, title: str, about: Mapping[str, Any]) -> int:
    """Prove within the limit, and report; 1 when a goal is missed."""
    signal.signal(signal.SIGALRM, _give_up)
    signal.signal(signal.SIGTERM, _ended)
    signal.alarm(LIMIT)
    folder = arguments.keep or Path(tempfile.mkdtemp(prefix="diarist-chaos-"))
    folder.mkdir(parents=True, exist_ok=True)
    proof = prove(folder)
    report.show(proof.findings, proof.happened, title)
    report.save(arguments.json, proof.findings, proof.happened, about)
    if not proof.missed and not arguments.keep:
        shutil.rmtree(folder, ignore_errors=True)
    else:
        sys.stderr.write(f"What the processes said: {folder}\n")
    return 1 if proof.missed else 0


def _give_up(_number: int, _frame: FrameType | None) -> None:
    raise TimeoutError(f"the run has not ended after {LIMIT} s")


def _ended(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
