"""`diarist errors`: what went wrong, and that it is mended."""

from pathlib import Path

import pytest

from command_line import SAMPLE, CommandLine

pytestmark = pytest.mark.slow


def test_errors_are_listed_shown_and_resolved(tmp_path: Path) -> None:
    diary = CommandLine(tmp_path, script="what=nobody understands")
    assert diary.call("errors").err.strip() == "No errors."
    diary.call("add", SAMPLE)
    every = diary.call("errors", "--json").json["errors"]
    (listed,) = [one for one in every if one["code"] == "model_unavailable"]
    assert (listed["kind"], listed["place"]) == ("task", "transcribe")
    beginning = listed["fingerprint"][:5]
    table = diary.call("errors").out
    assert listed["code"] in table
    assert listed["place"] in table
    shown = diary.call("errors", "show", beginning).out
    assert listed["frames"][-1]["function"] in shown
    assert "1 account" in shown
    assert diary.call("errors", "show", beginning, "--json").json["error"]["accounts"] == 1
    assert diary.call("errors", "resolve", beginning).status == 0
    left = diary.call("errors", "list", "--json").json["errors"]
    assert left == [one for one in every if one != listed]
    resolved = {one["fingerprint"]: one["resolved_in"] for one in diary.call("errors", "--all", "--json").json["errors"]}
    assert resolved[listed["fingerprint"]] == listed["version"]
    assert diary.call("errors", "show", "ffff").status == 20
