"""`diarist capacity`: a plan that can be read, that adds up in JSON, and that says what it does not know."""

from pathlib import Path

import pytest

from command_line import CommandLine


@pytest.fixture
def diarist(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


def test_it_shows_machines_money_and_the_arithmetic(diarist: CommandLine) -> None:
    shown = diarist.call("capacity", "--hours-per-hour", "12000")
    assert shown.status == 0
    assert "transcription workers" in shown.out
    assert "12,000 h/h x (" in shown.out
    assert "24,000 h/h" in shown.out
    assert "not an observation" in shown.out


def test_json_adds_up(diarist: CommandLine) -> None:
    found = diarist.call("capacity", "--hours-per-hour", "100", "--gpu-speed", "200", "--json").json
    assert found["monthly"] == pytest.approx(sum(line["monthly"] or 0 for line in found["lines"]))
    assert "graphics cards" in {line["name"] for line in found["lines"]}


def test_the_picture_is_drawn_into_a_file(diarist: CommandLine, tmp_path: Path) -> None:
    assert diarist.call("capacity", "--hours-per-hour", "100", "--svg", str(tmp_path / "plan.svg")).status == 0
    assert (tmp_path / "plan.svg").read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--hours-per-hour", "nan"), "hours-per-hour"),
        (("--hours-per-hour", "1", "--engine", "other"), "--speed"),
        (("--hours-per-hour", "1", "--speed", "0"), "no speed"),
        (("--hours-per-hour", "1", "--svg", "/nowhere/plan.svg"), "cannot be written"),
    ],
)
def test_what_makes_no_sense_is_refused(diarist: CommandLine, options: tuple[str, ...], said: str) -> None:
    refused = diarist.call("capacity", *options)
    assert refused.status != 0
    assert said in refused.err
