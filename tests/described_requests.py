"""Requests made from the description of the API alone, so that a route that nobody thought of is asked like all others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

FORM = "multipart/form-data"


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path."""

    method: str
    path: str
    described: Mapping[str, Any]
    schemas: Mapping[str, Any]

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def parameters(self) -> list[str]:
        """Those in its path."""
        return [part.strip("{}") for part in self.path.split("/") if part.startswith("{")]

    @property
    def media_types(self) -> Mapping[str, Any]:
        """Of its body, with the schema of each; none when it has no body."""
        content: Mapping[str, Any] = self.described.get("requestBody", {}).get("content", {})
        return content

    def request(self, client: httpx.Client, values: Mapping[str, str], headers: Mapping[str, str]) -> httpx.Request:
        """A request that is accepted as far as the description tells; `values`: of parameters, by name."""
        path = self.path
        for name in self.parameters:
            # One name may stand for different things below different paths.
            path = path.replace(f"{{{name}}}", values.get(f"{self.path.partition('/{')[0]} {name}", values[name]))
        own: dict[str, str] = dict(headers)
        query: dict[str, str] = {}
        for parameter in self.described.get("parameters", []):
            schema, name = parameter["schema"], parameter["name"]
            if parameter["in"] == "header" and parameter.get("required"):
                own[name] = values.get(name) or str(example_of(schema, self.schemas))
            if parameter["in"] == "query" and (parameter.get("required") or name in values):
                query[name] = values.get(name) or str(example_of(schema, self.schemas))
        body: dict[str, Any] = {}
        if "application/json" in self.media_types:
            body["json"] = example_of(self.media_types["application/json"]["schema"], self.schemas)
        elif list(self.media_types) == [FORM]:
            form = self.media_types[FORM]["schema"]
            fields = self.schemas[form["$ref"].rpartition("/")[2]] if "$ref" in form else form
            body["files"] = dict.fromkeys(fields.get("required", ()), ("a.wav", b"x"))
        elif self.media_types:
            own["Content-Type"] = next((name for name in self.media_types if "*" not in name and "form" not in name), "")
            body["content"] = b"x"
        return client.build_request(self.method, path, params=query, headers=own, **body)


def operations(client: httpx.Client) -> Iterator[Operation]:
    """Everything that is described."""
    described = client.get("/openapi.json").json()
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield Operation(method.upper(), path, operation, described["components"]["schemas"])


def example_of(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Any:
    """The first value that comes to mind."""
    match schema:
        case {"$ref": ref}:
            return example_of(schemas[ref.rpartition("/")[2]], schemas)
        case {"const": value} | {"default": value} | {"examples": [value, *_]} | {"enum": [value, *_]}:
            return value
        case {"anyOf": [first, *_]} | {"oneOf": [first, *_]} | {"allOf": [first, *_]}:
            return example_of(first, schemas)
        case {"type": "array", "items": item}:
            return [example_of(item, schemas)] * max(1, schema.get("minItems", 0))
        case {"type": "object"}:
            return {name: example_of(schema["properties"][name], schemas) for name in schema.get("required", ())}
        case _:
            return _plain(schema)


def _plain(schema: Mapping[str, Any]) -> Any:
    if schema.get("type") in {"integer", "number"}:
        return schema.get("minimum", 0)
    if schema.get("type") == "boolean":
        return False
    formats = {"date": "2026-11-03", "date-time": "2026-11-03T19:24:02Z", "uuid": "019a0c5e-7a41-7f06-8d15-4f5a2b1f7c02"}
    return formats.get(schema.get("format", ""), "a" * max(1, schema.get("minLength", 0)))
