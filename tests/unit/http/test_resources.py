"""Fields of an answer that can be chosen."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import BaseModel

from diarist.http.errors import UnknownField
from diarist.http.pagination import Page
from diarist.http.resources import chosen_fields, field_names, wanted_fields


class Thing(BaseModel):
    id: int
    name: str
    size: float | None = None


THING = {"id": 1, "name": "Gründlich", "size": None}


@pytest.mark.parametrize("model", [Thing, list[Thing], Page[Thing]])
def test_the_fields_are_those_of_the_thing_however_many_there_are(model: Any) -> None:
    assert field_names(model) == ("id", "name", "size")


@pytest.mark.parametrize("model", [None, dict[str, int], int, Any])
def test_of_what_is_no_thing_nothing_can_be_chosen(model: Any) -> None:
    assert field_names(model) == ()


@pytest.mark.parametrize(
    ("body", "many", "expected"),
    [
        (THING, False, {"name": "Gründlich"}),
        ([THING, THING], True, [{"name": "Gründlich"}] * 2),
        ({"items": [THING], "next_cursor": "x"}, True, {"items": [{"name": "Gründlich"}], "next_cursor": "x"}),
    ],
)
def test_what_was_not_asked_for_is_left_out(body: Any, many: bool, expected: Any) -> None:  # noqa: FBT001 - a case of the table
    assert json.loads(chosen_fields(json.dumps(body).encode(), frozenset({"name"}), many=many)) == expected


def test_fields_are_named_in_one_parameter_or_several() -> None:
    assert wanted_fields(["id,name", "size"], field_names(Thing)) == frozenset({"id", "name", "size"})
    assert wanted_fields([], field_names(Thing)) is None


@pytest.mark.parametrize("given", ["", "id,", "nmae", "id name"])
def test_a_field_that_is_not_there_is_an_error_and_not_an_empty_answer(given: str) -> None:
    with pytest.raises(UnknownField, match="it has id, name, size"):
        wanted_fields([given], field_names(Thing))
