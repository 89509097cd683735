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
from dataclasses import asdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent
# The memos are those of the tests.
sys.path[:0] = [str(ROOT), str(ROOT.parent / "tests")]

from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from faithfulness import LEAST_KEPT, Score, scores, total  # noqa: E402


def main() -> int:
    """Let the model that falls for every trap write all entries."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, default=ROOT / "results" / "diary.json")
    parser.add_argument("--show", action="store_true", help="print what was lost of the truth, and why")
    arguments = parser.parse_args()
    started = time.perf_counter()
    found = asyncio.run(scores())
    seconds = time.perf_counter() - started
    whole = total(found)
    _print(found, whole, seconds)
    if arguments.show:
        print("\n".join(["Lost:", *(f"  {text}" for text in whole.lost)]))
    if whole.slipped:
        print("\n".join(["Reached an entry:", *(f"  {text}" for text in whole.slipped)]))
    figures = {trap: asdict(score) for trap, score in found.items()} | {"all": asdict(whole) | {"share": whole.share}}
    arguments.json.parent.mkdir(parents=True, exist_ok=True)
    arguments.json.write_text(
        json.dumps({"python": platform.python_version(), "seconds": round(seconds, 2), "traps": figures}, indent=2) + "\n",
        "utf-8",
    )
    return 1 if whole.slipped or whole.share < LEAST_KEPT else 0


def _print(found: dict[str, Score], whole: Score, seconds: float) -> None:
    table = Table(title=f"Faithfulness: {whole.memos} memos in {seconds:.1f} s")
    for column in ("trap", "memos", "true", "kept", "share", "planted", "in an entry"):
        table.add_column(column, justify="left" if column == "trap" else "right")
    for trap, score in (*found.items(), ("all", whole)):
        table.add_row(
            trap, str(score.memos), str(score.true), str(score.kept), f"{score.share:.0%}", str(score.planted), str(score.through)
        )
    Console().print(table)
    print(f"Goals: nothing planted in an entry, and at least {LEAST_KEPT:.0%} of what is true.")


if __name__ == "__main__":
    sys.exit(main())
