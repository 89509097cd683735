"""Routes of things that are read and changed: each answer has a tag, who has it already is told so, and fields can be chosen.

The tag is that of the whole thing as JSON, also where only some of its fields were asked for: with it a reader asks whether
anything is new (`If-None-Match`, RFC 9110, 13.1.2), and a writer says what it has seen (`If-Match`, see `http.preconditions`).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, get_args, get_origin

from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from diarist.http.errors import UnknownField
from diarist.http.idempotency import Handler, IdempotentRoute
from diarist.http.pagination import Page
from diarist.http.preconditions import tag_of_json, unedited
from diarist.http.ranges import client_has_it

_CHANGES = frozenset({"PATCH", "PUT"})
_TAG = {"ETag": {"description": "Names what is answered; for `If-None-Match` and `If-Match`.", "schema": {"type": "string"}}}
_HAS_IT: dict[str, Any] = {"description": "The client has it: nothing is new.", "headers": _TAG}
_IF_NONE_MATCH: dict[str, Any] = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The `ETag` of an answer that the client has; while that is what there is, the answer is 304 and empty.",
    "schema": {"type": "string"},
}
_FIELDS = "fields"


class TaggedRoute(APIRoute):
    """A route whose GET understands `If-None-Match` and, where it answers with JSON, `fields`; whose changes tell the new tag."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        self._known = field_names(self.response_model)
        self._many = _holds_many(self.response_model)
        self._by_itself = unedited(self.response_model)
        methods = self.methods or set()
        if self.status_code in {None, 200} and methods & {"GET", *_CHANGES}:
            described = self.responses.get(200, {})
            headers = {**_TAG, **described.get("headers", {})}
            self.responses = {**self.responses, 200: {"description": "Here it is.", **described, "headers": headers}}
        if "GET" in methods:
            self.responses = {304: _HAS_IT, **self.responses}
            self._describe(_IF_NONE_MATCH)
            if self._known:
                self._describe(_fields_parameter(self._known))

    def get_route_handler(self) -> Handler:
        answer = super().get_route_handler()

        async def shaped(request: Request) -> Response:
            if request.method == "GET":
                wanted = wanted_fields(request.query_params.getlist(_FIELDS), self._known) if self._known else None
                return self._as_asked(request, await answer(request), wanted)
            response = await answer(request)
            if request.method in _CHANGES and response.status_code == 200:  # noqa: PLR2004 - OK
                response.headers["ETag"] = tag_of_json(bytes(response.body), self._by_itself)
            return response

        return shaped

    def _as_asked(self, request: Request, response: Response, wanted: frozenset[str] | None) -> Response:
        body = getattr(response, "body", None)
        # What streams has its own ways.
        if response.status_code != 200 or not isinstance(body, bytes):  # noqa: PLR2004 - OK
            return response
        if "ETag" not in response.headers:
            response.headers["ETag"] = tag_of_json(body, self._by_itself)
        if client_has_it(request.headers.get("if-none-match"), response.headers["ETag"]):
            kept = {name: response.headers[name] for name in ("ETag", "Vary", "Cache-Control") if name in response.headers}
            return Response(status_code=304, headers=kept, background=response.background)
        if wanted is not None:
            response.body = chosen_fields(body, wanted, many=self._many)
            response.headers["Content-Length"] = str(len(response.body))
        return response

    def _describe(self, parameter: dict[str, Any]) -> None:
        extra = self.openapi_extra or {}
        known = extra.get("parameters", [])
        # A router that is included makes its routes again.
        if parameter["name"] not in {one["name"] for one in known}:
            self.openapi_extra = {**extra, "parameters": [*known, parameter]}


class ResourceRoute(TaggedRoute, IdempotentRoute):
    """The same, and its POST understands `Idempotency-Key`."""


def field_names(model: Any) -> tuple[str, ...]:
    """The fields that can be chosen of an answer: those of the model, or of each item of a page or a list; none of others."""
    item = _item(model)
    return tuple(item.model_fields) if item is not None else ()


def wanted_fields(given: list[str], known: tuple[str, ...]) -> frozenset[str] | None:
    """Those that were asked for, None for all; raises `UnknownField`."""
    if not given:
        return None
    names = [name.strip() for one in given for name in one.split(",")]
    unknown = sorted({name for name in names if name not in known})
    if unknown:
        raise UnknownField(unknown, known)
    return frozenset(names)


def chosen_fields(body: bytes, wanted: frozenset[str], *, many: bool) -> bytes:
    """JSON with some fields of the thing, or of each item, in their order."""
    whole = json.loads(body)
    if not many:
        chosen: Any = _some(whole, wanted)
    elif isinstance(whole, list):
        chosen = [_some(item, wanted) for item in whole]
    else:
        chosen = {**whole, "items": [_some(item, wanted) for item in whole["items"]]}
    return json.dumps(chosen, ensure_ascii=False, separators=(",", ":")).encode()


def _some(item: dict[str, Any], wanted: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name in wanted}


def _item(model: Any) -> type[BaseModel] | None:
    if get_origin(model) is list:
        return _item(get_args(model)[0])
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return None
    return _item(model.model_fields["items"].annotation) if issubclass(model, Page) else model


def _holds_many(model: Any) -> bool:
    return get_origin(model) is list or (isinstance(model, type) and issubclass(model, Page))


def _fields_parameter(known: tuple[str, ...]) -> dict[str, Any]:
    one = "|".join(known)
    return {
        "name": _FIELDS,
        "in": "query",
        "required": False,
        "description": "Only these fields of the thing, or of each item, with commas between them; left out, all.",
        "schema": {"type": "string", "pattern": f"^({one})(,({one}))*$"},
        "example": ",".join(known[:2]),
    }
