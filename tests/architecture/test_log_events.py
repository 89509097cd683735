"""Every line that the source logs is a known event, and says nothing by a name that promises content."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from diarist.telemetry.log_events import EVENTS

SOURCE = Path(__file__).parents[2] / "src" / "diarist"
APART = SOURCE / "client"
"""Runs in other people's programs, and logs as they do."""
METHODS = {"debug", "info", "warning", "error", "exception", "critical"}
FROM_ELSEWHERE = {"library.logged"}
"""Not logged by a call of ours."""
CONTENT = {"text", "prompt", "answer", "transcript", "sentence", "quote", "title", "filename", "key", "secret", "token", "body"}


def calls() -> Iterator[tuple[str, ast.Call]]:
    for path in SOURCE.rglob("*.py"):
        if APART in path.parents:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name(id="log" | "_log"), attr=method)) if method in METHODS:
                    yield f"{path.relative_to(SOURCE)}:{node.lineno}", node


def name_of(call: ast.Call) -> str:
    match call.args:
        case [ast.Constant(value=str(name))]:
            return name
    return "(not one literal name)"


def test_every_event_is_in_the_catalogue() -> None:
    unknown = {where: name_of(call) for where, call in calls() if name_of(call) not in EVENTS}
    assert not unknown


def test_the_catalogue_has_nothing_that_is_not_logged() -> None:
    assert set(EVENTS) - {name_of(call) for _, call in calls()} == FROM_ELSEWHERE


def test_no_event_tells_by_a_name_that_promises_content() -> None:
    assert not {where: word.arg for where, call in calls() for word in call.keywords if word.arg in CONTENT}


def test_nothing_is_logged_past_the_chain() -> None:
    """`print` and plain loggers know no catalogue; the command line speaks to people."""
    plain = {
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if APART not in path.parents and "logging.getLogger(__name__)" in path.read_text(encoding="utf-8")
    }
    assert plain == {"child/running.py"}  # asks for the level
