"""Describes the API, its problems included, from the code that answers."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from diarist.errors import DatabaseUnavailable, DiaristError
from diarist.http.errors import ForeignHost, ForeignOrigin, InvalidRequest
from diarist.http.problem import MEDIA_TYPE, Problem, problem_type, status_of, title_of

EVERYWHERE = (ForeignOrigin, ForeignHost, InvalidRequest, DiaristError, DatabaseUnavailable)
"""What any request can end with."""
_COMPONENT = "#/components/schemas/{model}"


class DescribedApi(FastAPI):
    """An app whose description holds the schema of problems."""

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            schema = super().openapi()
            _, definitions = models_json_schema([(Problem, "serialization")], ref_template=_COMPONENT)
            schema.setdefault("components", {}).setdefault("schemas", {}).update(definitions["$defs"])
            self.openapi_schema = schema
        return self.openapi_schema


def problems(*errors: type[DiaristError]) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that can end with these errors, besides those of every route."""
    by_status: defaultdict[int, list[type[DiaristError]]] = defaultdict(list)
    for error in dict.fromkeys((*errors, *EVERYWHERE)):
        by_status[status_of(error)].append(error)
    return {
        status: {
            "description": " ".join(title_of(error) for error in found),
            "content": {
                MEDIA_TYPE: {
                    "schema": {"$ref": _COMPONENT.format(model=Problem.__name__)},
                    "examples": {error.code: {"summary": title_of(error), "value": _example(error, status)} for error in found},
                }
            },
        }
        for status, found in sorted(by_status.items())
    }


def _example(error: type[DiaristError], status: int) -> dict[str, Any]:
    return Problem(
        type=problem_type(error.code), title=title_of(error), status=status, detail=title_of(error), instance="/v1/recordings",
        code=error.code, request_id="019a0c5e-6f0e-7c3b-9a53-0d7c2f6f9b11", advice=error.advice,
    ).model_dump()  # fmt: skip
