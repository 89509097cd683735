"""Writes rules, their trials and the list of runbooks from scripts/alerting; `--check` only says which are out of date."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from alerting.rule_files import PARTS, alerting_rules, overview, recording_rules, trial_files, trials

ROOT = Path(__file__).parents[1]
PROMETHEUS = ROOT / "deploy" / "observability" / "prometheus"


def files() -> Mapping[Path, Callable[[], str]]:
    """What is made, and how."""
    rules, tests = PROMETHEUS / "rules", PROMETHEUS / "tests"
    return {
        rules / "recording.yml": recording_rules,
        **{rules / f"{part.name}.yml": partial(alerting_rules, part) for part in PARTS},
        **{tests / name: partial(trials, part, slow=slow) for name, part, slow in trial_files()},
        ROOT / "docs" / "runbooks" / "README.md": overview,
    }


def main() -> int:
    """Write, or check and return 1 when something is out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    made = {path: text() for path, text in files().items()}
    left_over = {path for folder in ("rules", "tests") for path in (PROMETHEUS / folder).glob("*.yml")} - made.keys()
    stale = {path for path, text in made.items() if not path.is_file() or path.read_text(encoding="utf-8") != text}
    for path in sorted(stale | left_over):
        if check:
            sys.stderr.write(f"{path.relative_to(ROOT)} is out of date: `make docs` writes it anew\n")
        elif path in left_over:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(made[path], encoding="utf-8")
    return int(check and bool(stale | left_over))


if __name__ == "__main__":
    raise SystemExit(main())
