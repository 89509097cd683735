"""Writes rules, their trials and the list of runbooks from scripts/alerting; `--check` only says which are out of date."""

from __future__ import annotations

from pathlib import Path

from alerting.rule_files import PARTS, alerting_rules, overview, recording_rules, trial_files, trials
from made_files import ROOT, write_or_check

PROMETHEUS = ROOT / "deploy" / "observability" / "prometheus"
RULES, TESTS = PROMETHEUS / "rules", PROMETHEUS / "tests"


def files() -> dict[Path, str]:
    """What is made."""
    return {
        RULES / "recording.yml": recording_rules(),
        **{RULES / f"{part.name}.yml": alerting_rules(part) for part in PARTS},
        **{TESTS / name: trials(part, slow=slow) for name, part, slow in trial_files()},
        ROOT / "docs" / "runbooks" / "README.md": overview(),
    }


if __name__ == "__main__":
    raise SystemExit(write_or_check(__doc__, files(), found=[*RULES.glob("*.yml"), *TESTS.glob("*.yml")]))
