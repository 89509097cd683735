"""What makes backups by the clock calls commands and settings that there are."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from diarist.cli.main import new_app
from diarist.settings.backup import BackupSettings

ROOT = Path(__file__).parents[2]
CHART = ROOT / "deploy" / "kubernetes" / "diarist"


def called() -> list[str]:
    """Every `diarist backup …` of the chart and of the pages that tell how."""
    template = (CHART / "templates" / "backup.yaml").read_text(encoding="utf-8")
    chart = [" ".join(words.split(", ")) for words in re.findall(r"args: \[(backup[^\]]*)\]", template)]
    assert chart
    pages = [ROOT / "docs" / name for name in ("how-to/back-up-and-restore.md", "runbooks/disasters.md")]
    return chart + [
        words
        for page in pages
        for words in re.findall(
            r"diarist (backup [a-z]+(?:(?: --[a-z-]+)(?: (?:all|database|blobs)\b)?)*)", page.read_text(encoding="utf-8")
        )
    ]


@pytest.mark.parametrize("words", sorted(set(called())))
def test_each_command_that_is_told_of_is_one(words: str) -> None:
    _, name, *options = words.split()
    group: Any = get_command(new_app())
    command = group.commands["backup"].commands[name]
    known = {option for parameter in command.params for option in parameter.opts}
    assert {option for option in options if option.startswith("--")} <= known


def test_the_chart_keeps_backups_by_settings_that_there_are() -> None:
    values = yaml.safe_load((CHART / "values.yaml").read_text(encoding="utf-8"))["backup"]
    assert {f"keep_{what}" for what in values["keep"]} == {
        name for name in BackupSettings.model_fields if name.startswith("keep_")
    }
    template = (CHART / "templates" / "backup.yaml").read_text(encoding="utf-8")
    assert all(f"DIARIST_BACKUP__KEEP_{what.upper()}" in template for what in values["keep"])
