"""The page on `--json` names the keys that are printed, and no others."""

import re
from pathlib import Path
from typing import Any

import pytest

from command_line import SAMPLE, CommandLine

pytestmark = pytest.mark.slow

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "json.md"
SHAPES = {"recording", "job", "entry"}
"""What lies below these is described by the HTTP API."""


@pytest.fixture(scope="module")
def diary(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    line = CommandLine(tmp_path_factory.mktemp("json"))
    assert line.call("add", SAMPLE).status == 0
    return line


def described(command: str) -> set[str]:
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = line.split("|")
        if len(cells) > 2 and f"`{command}`" in cells[1]:
            return set(re.findall(r'"(\w+)"', cells[2]))
    raise AssertionError(f"{command} is not on the page")


def printed(document: Any) -> set[str]:
    if isinstance(document, list):
        return set().union(*map(printed, document))
    if not isinstance(document, dict):
        return set()
    return set(document).union(*(printed(value) for key, value in document.items() if key not in SHAPES))


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("show", ["last"]),
        ("entry", ["last"]),
        ("doctor", []),
        ("plugins", []),
        ("model list", []),
        ("model path", ["tiny.en"]),
        ("account list", []),
        ("storage", []),
        ("db current", []),
        ("db upgrade", []),
    ],
)
def test_the_page_names_what_is_printed(diary: CommandLine, command: str, arguments: list[str]) -> None:
    assert printed(diary.call(*command.split(), *arguments, "--json").json) == described(command)


def test_the_page_names_what_add_prints(diary: CommandLine, tmp_path: Path) -> None:
    document = diary.call("add", SAMPLE, tmp_path / "missing", "--json").json
    assert printed(document) == described("add") | {"code", "message", "advice"}


def test_shapes_are_those_of_the_api(diary: CommandLine) -> None:
    (listed,) = diary.call("list", "--json").json["recordings"]
    shown = diary.call("show", "last", "--json").json
    assert listed == shown["recording"] | {"trust": shown["trust"], "entry": shown["entry"]}
    assert diary.call("jobs", "--json").json == {"jobs": [shown["job"]]}
    assert diary.call("entry", "last", "--json").json == {"entry": shown["entry"]}
    assert diary.call("resume", "last", "--json").json == {
        "jobs": [{"recording": shown["recording"], "job": shown["job"], "entry": shown["entry"]}]
    }
