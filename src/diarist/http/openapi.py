"""Describes the API, its problems included, from the code that answers."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from diarist.domain.access import Permission
from diarist.errors import DatabaseUnavailable, DiaristError, Unauthenticated
from diarist.http.errors import (
    BodyTooLarge,
    ForeignHost,
    ForeignOrigin,
    HeadersTooLarge,
    InvalidRequest,
    MissingCsrfToken,
    MissingPermission,
    TooManyRequests,
    UnsupportedContentEncoding,
    UriTooLong,
)
from diarist.http.permissions import needed
from diarist.http.problem import MEDIA_TYPE, Problem, problem_type, status_of, title_of

EVERYWHERE = (
    ForeignOrigin, ForeignHost, InvalidRequest, UriTooLong, HeadersTooLarge, UnsupportedContentEncoding, DiaristError,
    DatabaseUnavailable,
)  # fmt: skip
"""What any request can end with."""
GUARDED = (Unauthenticated, MissingPermission, MissingCsrfToken, TooManyRequests)
"""What any request can end with that not everybody may make."""
SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "An API key: `Authorization: Bearer diarist_…`."},
    "header": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "The same key in a header of its own."},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-diarist-session",
        "description": "A browser that has signed in at /auth/sign-in; without TLS the cookie's name has no prefix. What changes "
        "something needs `X-CSRF-Token` as well.",
    },
}
"""How a request can show who sends it."""
_COMPONENT = "#/components/schemas/{model}"


class DescribedApi(FastAPI):
    """An app whose description holds the schema of problems."""

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            schema = super().openapi()
            _, definitions = models_json_schema([(Problem, "serialization")], ref_template=_COMPONENT)
            components = schema.setdefault("components", {})
            components.setdefault("schemas", {}).update(definitions["$defs"])
            components["securitySchemes"] = SCHEMES
            for path, operations in schema["paths"].items():
                for method, operation in operations.items():
                    _guard(operation, needed(method.upper(), path))
                    if "application/json" in operation.get("requestBody", {}).get("content", {}):
                        _add(operation, BodyTooLarge)
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


def _guard(operation: dict[str, Any], permission: Permission | None) -> None:
    """Describe who may ask this, and what others are answered: as the guard does it, not as routes say it."""
    operation["security"] = [] if permission is None else [{scheme: [permission.value]} for scheme in SCHEMES]
    if permission is not None:
        _add(operation, *GUARDED)


def _add(operation: dict[str, Any], *errors: type[DiaristError]) -> None:
    """Describe what else an operation may end with."""
    for status, problem in problems(*errors).items():
        known = operation["responses"].setdefault(str(status), problem)
        described = known.get("content", {}).get(MEDIA_TYPE)
        if described is not None:
            described["examples"] = {**described["examples"], **problem["content"][MEDIA_TYPE]["examples"]}
            known["description"] = " ".join(example["summary"] for example in described["examples"].values())


def _example(error: type[DiaristError], status: int) -> dict[str, Any]:
    return Problem(
        type=problem_type(error.code), title=title_of(error), status=status, detail=title_of(error), instance="/v1/recordings",
        code=error.code, request_id="019a0c5e-6f0e-7c3b-9a53-0d7c2f6f9b11", trace_id="4bf92f3577b34da6a3ce929d0e0e4736",
        advice=error.advice,
    ).model_dump()  # fmt: skip
