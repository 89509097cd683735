"""Profiles as py-spy tells them, and as they are shown."""

from __future__ import annotations

import json

from diarist.cli.profile_pages import collapsed, hottest, speedscope
from diarist.cli.profiling import read_stacks
from diarist.telemetry.whole_profile import WholeProfile

PARENT = 'process 7:"python diarist up"'
CHILD = 'process 9:"python -P -m diarist.child.serve 7 the engine INFO"'
TOLD = f"""{PARENT};thread (7): "MainThread";main (a.py:1);run (a.py:9) 50
{PARENT};{CHILD};main (serve.py:3);hear (b.py:2) 120
{PARENT};{CHILD};main (serve.py:3);hear (b.py:2) 30
{PARENT};{CHILD};main (serve.py:3) 10
"""


def profile() -> WholeProfile:
    return WholeProfile(pid=7, seconds=2.0, waiting=False, stacks=read_stacks(TOLD))


def test_children_are_called_what_they_are() -> None:
    assert profile().stacks == {
        'process 7;thread (7): "MainThread";main (a.py:1);run (a.py:9)': 0.5,
        "the engine 9;main (serve.py:3);hear (b.py:2)": 1.5,
        "the engine 9;main (serve.py:3)": 0.1,
    }


def test_the_hottest_functions_come_first_with_what_they_called() -> None:
    rows = hottest(profile())
    assert rows[0] == ("the engine 9", "hear (b.py:2)", 1.5, 1.5)
    assert [row[1] for row in rows] == ["hear (b.py:2)", "run (a.py:9)", "main (serve.py:3)"]
    assert sum(row[2] for row in rows) == sum(profile().stacks.values())


def test_files_hold_every_stack_with_its_weight() -> None:
    lines = collapsed(profile()).splitlines()
    assert "the engine 9;main (serve.py:3);hear (b.py:2) 1500000" in lines
    drawn = json.loads(speedscope(profile()))
    names = [frame["name"] for frame in drawn["shared"]["frames"]]
    told = {
        one["name"]: {
            tuple(names[number] for number in stack): weight for stack, weight in zip(one["samples"], one["weights"], strict=True)
        }
        for one in drawn["profiles"]
    }
    assert told["the engine 9"] == {("main (serve.py:3)",): 0.1, ("main (serve.py:3)", "hear (b.py:2)"): 1.5}
    assert {one["endValue"] for one in drawn["profiles"]} == {0.5, 1.6}
