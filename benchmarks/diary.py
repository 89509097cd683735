"""How much of what a model makes up reaches a diary, and how much of the truth stays: a table by trap, and JSON; exits 1 when a
goal is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import platform
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
# The memos are those of the tests.
sys.path[:0] = [str(ROOT), str(ROOT.parent / "tests")]

from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from faithfulness import LEAST_KEPT, SUITES, Score, scores, total  # noqa: E402

HIGHEST_SLIP_RATE = 0.03
"""Of falsehoods that were written without a look at the rules. Of those that the rules were written with, none may pass."""


def main() -> int:
    """Let the model that falls for every trap write all entries, in the speaker's words and in its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, default=ROOT / "results" / "diary.json")
    parser.add_argument("--show", action="store_true", help="print what was lost of the truth, and why")
    arguments = parser.parse_args()
    started = time.perf_counter()
    strict = {suite: asyncio.run(scores(suite)) for suite in SUITES}
    free = {suite: total(asyncio.run(scores(suite, strict=False))) for suite in SUITES}
    seconds = time.perf_counter() - started
    console = Console()
    for suite, found in strict.items():
        console.print(_by_trap(suite, found))
    console.print(_together(strict, free))
    wholes = {suite: total(found) for suite, found in strict.items()}
    for suite, whole in wholes.items():
        if arguments.show and whole.lost:
            print("\n".join([f"Lost of {suite}:", *(f"  {text}" for text in whole.lost)]))
        if whole.slipped:
            print("\n".join([f"Reached an entry of {suite}:", *(f"  {text}" for text in whole.slipped)]))
    print(
        f"Goals: of {next(iter(SUITES))} nothing planted in an entry, of the others less than {HIGHEST_SLIP_RATE:.0%}; "
        f"of what is true at least {LEAST_KEPT:.0%} told. {seconds:.1f} s."
    )
    _save(arguments.json, strict, free, seconds)
    return 1 if any(_is_missed(suite, whole) for suite, whole in wholes.items()) else 0


def _is_missed(suite: str, whole: Score) -> bool:
    allowed = 0.0 if suite == next(iter(SUITES)) else HIGHEST_SLIP_RATE
    return whole.slip_rate > allowed or whole.share < LEAST_KEPT


def _by_trap(suite: str, found: dict[str, Score]) -> Table:
    table = Table(title=f"Memos of {suite}")
    for column in ("trap", "memos", "true", "told", "share", "planted", "in an entry"):
        table.add_column(column, justify="left" if column == "trap" else "right")
    for trap, score in (*found.items(), ("all", total(found))):
        table.add_row(
            trap, str(score.memos), str(score.true), str(score.kept), f"{score.share:.0%}", str(score.planted), str(score.through)
        )
    return table


def _together(strict: Mapping[str, dict[str, Score]], free: Mapping[str, Score]) -> Table:
    table = Table(title="All suites, strict (the default) and free")
    for column in ("memos of", "mode", "true", "told", "as the model wrote it", "planted", "in an entry", "share"):
        table.add_column(column, justify="left" if column in {"memos of", "mode"} else "right")
    for suite in SUITES:
        for mode, score in (("strict", total(strict[suite])), ("free", free[suite])):
            table.add_row(
                suite, mode, str(score.true), f"{score.share:.1%}", f"{score.as_written / score.true:.1%}", str(score.planted),
                str(score.through), f"{score.slip_rate:.1%}",
            )  # fmt: skip
    return table


def _save(path: Path, strict: Mapping[str, dict[str, Score]], free: Mapping[str, Score], seconds: float) -> None:
    suites: dict[str, Any] = {
        suite: {
            "traps": {trap: asdict(score) for trap, score in found.items()},
            "strict": asdict(total(found)),
            "free": asdict(free[suite]),
        }
        for suite, found in strict.items()
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    document = {"python": platform.python_version(), "seconds": round(seconds, 2), "suites": suites}
    path.write_text(json.dumps(document, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
