"""A real child that answers single questions."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from diarist.child.clerk import Clerk
from diarist.errors import ChildDied


@pytest.fixture
async def clerk(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Clerk]:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    clerk = Clerk("child_handlers:open_handler", name="the test clerk", idle_seconds=60.0, memory_limit=10**9)
    yield clerk
    await clerk.close()
    assert clerk.pid is None


async def test_one_child_answers_one_question_after_the_other(clerk: Clerk) -> None:
    first = await clerk.ask("echo", {"word": "one"}, b"payload")
    second = await clerk.ask("echo", {"word": "two"})
    assert (first.body["params"], first.payload) == ({"word": "one"}, b"payload")
    assert first.body["pid"] == second.body["pid"] == clerk.pid


async def test_no_answer_is_an_error(clerk: Clerk) -> None:
    with pytest.raises(ChildDied):
        await clerk.ask("count", {"to": 0})
