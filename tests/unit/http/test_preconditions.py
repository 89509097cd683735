"""Tags, and who is refused by them."""

from __future__ import annotations

from typing import ClassVar

import pytest
from pydantic import BaseModel

from diarist.http.errors import PreconditionFailed
from diarist.http.preconditions import Precondition, tag_of


class Thing(BaseModel):
    CHANGES_BY_ITSELF: ClassVar = frozenset({"used"})

    name: str = "a lamp, with a comma"
    used: int = 0


SEEN = Thing()


@pytest.mark.parametrize("said", [None, "*", tag_of(SEEN), f'"x", {tag_of(SEEN)}', tag_of(Thing(used=5))])
def test_whoever_has_seen_what_there_is_may_change_it(said: str | None) -> None:
    Precondition(said).require(SEEN)


@pytest.mark.parametrize("said", ["", '""', "x", tag_of(Thing(name="b")), f"W/{tag_of(SEEN)}", tag_of(SEEN).strip('"')])
def test_whoever_has_seen_something_else_may_not(said: str) -> None:
    with pytest.raises(PreconditionFailed):
        Precondition(said).require(SEEN)


def test_what_changes_by_itself_is_new_to_readers_alone() -> None:
    assert tag_of(SEEN) != tag_of(Thing(used=5))
