"""What the client asks, and how it reads the answers, is what the server describes: neither can change without the other."""

from __future__ import annotations

import inspect
import json
import re
import types
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest

from diarist.client import resources
from diarist.client.operations import Operation, Resource, Series
from diarist.client.routes import ROUTES, Route
from diarist.client.steps import Open, Request, Send
from diarist.client.walk import Walk
from diarist.services.standalone import create_app
from diarist.settings import Settings

SPEC: dict[str, Any] = create_app(Settings(), lambda _: None).openapi()
ID = "019a0c5e-7a3f-71d2-9b0c-6a3f0f0b8e11"
GIVEN = {
    "recording": b"x", "url": "https://example.org/a.mp3", "filename": "a", "priority": "bulk", "language": "de",
    "languages": ["de"], "vocabulary": ["Anna"], "moment": None, "form": "srt", "max_line_length": 40, "max_lines": 2,
    "texts": {0: "x"}, "template": "t", "model": "m", "day": "2026-11-03", "cursor": "c", "limit": 3, "page_size": 3,
    "stage": "compose", "task_id": ID, "after": "1", "timeout": 9.0,
}  # fmt: skip
"""What each argument of the client's methods may be; ids are `ID`."""


def by_path(route: Route[Any]) -> Any:
    return route.method + " " + route.path


@pytest.mark.parametrize("route", ROUTES, ids=by_path)
def test_each_address_is_there_and_answers_what_is_read(route: Route[Any]) -> None:
    described = SPEC["paths"][route.path][route.method.lower()]
    names = {parameter["name"] for parameter in described.get("parameters", [])}
    assert set(re.findall(r"{(\w+)}", route.path)) <= names
    assert ("Idempotency-Key" in names) == route.keyed
    if route.answer in {bytes, type(None)}:
        return
    good = [answer for status, answer in described["responses"].items() if status in {"200", "201", "202"}]
    assert good
    for answer in good:
        if "content" in answer:
            compare(route.answer, answer["content"]["application/json"]["schema"], route.path)


def operations() -> Iterator[tuple[str, Operation[Any, Any] | Series[Any, Any]]]:
    for kind in vars(resources).values():
        if isinstance(kind, type) and issubclass(kind, Resource):
            for name, operation in vars(kind).items():
                if isinstance(operation, Operation | Series):
                    yield f"{kind.__name__}.{name}", operation


@pytest.mark.parametrize(("name", "operation"), [pytest.param(*found, id=found[0]) for found in operations()])
def test_each_method_asks_what_the_server_understands(name: str, operation: Operation[Any, Any] | Series[Any, Any]) -> None:
    assert operation.__doc__, name
    parameters = inspect.signature(operation.flow).parameters
    given = {one: GIVEN.get(one, ID) for one in parameters if one not in {"resume", "portion", "on_progress", "on_update"}}
    request = first_request(operation.flow(**given))
    [route] = [one for one in ROUTES if one.method == request.method and matches(one, request.path)][:1]
    described = SPEC["paths"][route.path][route.method.lower()]
    known = {parameter["name"].lower() for parameter in described.get("parameters", [])}
    assert {query.lower() for query in request.query} <= known
    assert {header.lower() for header in request.headers} - {"content-type"} <= known
    if request.headers.get("Content-Type") == "application/json":
        schema = resolved(described["requestBody"]["content"]["application/json"]["schema"])
        sent = json.loads(request.body)
        assert sent.keys() <= schema["properties"].keys()
        assert set(schema.get("required", ())) <= sent.keys()


def first_request(flow: Any) -> Request:
    with Walk(flow) as walk:
        while not isinstance(walk.step, Send | Open):
            walk.go_on(b"x")
        return walk.step.request


def matches(route: Route[Any], path: str) -> bool:
    return re.fullmatch(re.sub(r"{\w+}", r"[^/]+", route.path), path) is not None


def resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    return SPEC["components"]["schemas"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def compare(hint: Any, schema: Mapping[str, Any], place: str) -> None:
    """Whether a value that the server describes so is read as that."""
    variants = schema.get("anyOf", [schema])
    nullable = [one for one in variants if one.get("type") == "null"]
    present = [one for one in variants if one.get("type") != "null"]
    arguments = get_args(hint) if get_origin(hint) in {Union, types.UnionType} else (hint,)
    assert len(present) == 1, place
    assert bool(nullable) <= (type(None) in arguments), f"{place} may be null"
    [kind] = [one for one in arguments if one is not type(None)]
    compare_kind(kind, resolved(present[0]), place)


def compare_kind(kind: Any, schema: Mapping[str, Any], place: str) -> None:
    origin, arguments = get_origin(kind), get_args(kind)
    if is_dataclass(origin or kind):
        compare_fields(kind, schema, place)
    elif origin is tuple:
        assert schema["type"] == "array", place
        compare(arguments[0], schema["items"], f"{place}[]")
    elif origin is not None and issubclass(origin, Mapping):
        assert schema["type"] == "object", place
        compare(arguments[1], schema["additionalProperties"], f"{place}{{}}")
    elif issubclass(kind, StrEnum):
        assert set(kind) == set(schema["enum"]), place
    else:
        written = {
            str: ("string", None), int: ("integer", None), float: ("number", None), bool: ("boolean", None),
            UUID: ("string", "uuid"), datetime: ("string", "date-time"), date: ("string", "date"), Decimal: ("string", None),
        }  # fmt: skip
        assert (schema.get("type", "integer"), schema.get("format")) == written[kind], place


def compare_fields(kind: Any, schema: Mapping[str, Any], place: str) -> None:
    origin = get_origin(kind) or kind
    inner = dict(zip(getattr(origin, "__parameters__", ()), get_args(kind), strict=True))
    hints = get_type_hints(origin)
    assert {field.name for field in fields(origin)} == schema["properties"].keys(), place
    for field in fields(origin):
        hint = hints[field.name]
        if inner and get_args(hint) and get_args(hint)[0] in inner:
            hint = types.GenericAlias(tuple, (inner[get_args(hint)[0]], ...))
        compare(hint, schema["properties"][field.name], f"{place}.{field.name}")
