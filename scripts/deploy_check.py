"""Lets every judge look at what deploys Diarist, and prints a table: what was looked at, what was missing, what was found.

    make deploy-check                  all of them
    make deploy-check ARGS=terraform   those whose name has this word

Exits 1 when anything was found, and with `--strict` also when a judge was missing.
"""

from __future__ import annotations

import argparse
import time
from concurrent.futures import ThreadPoolExecutor

from rich.console import Console
from rich.table import Table

from deploychecks import chart, files, policies, terraform, unpacked
from deploychecks.check import Check, Outcome
from deploychecks.programs import Program

SIDE_BY_SIDE = 3
"""Checks at once: most of them are one program that uses one core."""


def main() -> int:
    """Look at all, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("word", nargs="*", help="only checks whose name has one of these words")
    parser.add_argument("--strict", action="store_true", help="exit 1 when a program was missing, too")
    arguments = parser.parse_args()
    unpacked.unpack()
    every = [*files.checks(), *chart.checks(), *policies.checks(), *terraform.checks()]
    chosen = [check for check in every if not arguments.word or any(word in check.name for word in arguments.word)]
    console = Console(width=150)
    table = Table("Check", "Looked at", "Result", "Seconds", title="What deploys Diarist")
    failed, missing = 0, []
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        for check, (outcome, seconds) in zip(chosen, pool.map(_judged, chosen), strict=True):
            if outcome is None:
                absent = _absent(check)
                missing += absent
                table.add_row(check.name, "", f"MISSING {', '.join(program.name for program in absent)}", "")
                continue
            failed += bool(outcome.findings)
            for finding in outcome.findings:
                console.print(f"{check.name}: {finding}", markup=False, highlight=False, soft_wrap=True)
            result = f"{len(outcome.findings)} FOUND" if outcome.findings else "clean" if outcome.looked_at else "nothing there"
            table.add_row(check.name, outcome.looked_at, result, f"{seconds:.1f}")
    console.print(table)
    for program in dict.fromkeys(missing):
        console.print(f"{program.name} is missing: {program.get}", markup=False, highlight=False, soft_wrap=True)
    return int(bool(failed or (arguments.strict and missing)))


def _absent(check: Check) -> list[Program]:
    return [program for program in check.needs if program.path is None]


def _judged(check: Check) -> tuple[Outcome | None, float]:
    """What came of it and the seconds that it took; None where a program is missing."""
    began = time.monotonic()
    try:
        outcome = None if _absent(check) else check.judge()
    except AssertionError as error:
        outcome = Outcome(looked_at="", findings=[str(error)])
    return outcome, time.monotonic() - began


if __name__ == "__main__":
    raise SystemExit(main())
