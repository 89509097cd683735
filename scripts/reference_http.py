"""The reference page of the HTTP API, from the same description that /openapi.json gives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from diarist.http.openapi import EVERYWHERE, GUARDED
from diarist.http.problem import MEDIA_TYPE, status_of
from diarist.services.standalone import create_app
from diarist.settings import Settings
from reference_markdown import page, table

Json = Mapping[str, Any]

_ALWAYS = {error.code for error in (*EVERYWHERE, *GUARDED)}
_ABOUT = (
    "What is here is also at `/openapi.json`, for programs, and at `/docs`, to try. How the parts fit together is told in "
    "[Use the HTTP API](../how-to/use-the-http-api.md)."
)


def http_page() -> str:
    """The whole page."""
    described = create_app(Settings(), lambda _: None).openapi()
    schemas = described["components"]["schemas"]
    operations: defaultdict[str, list[str]] = defaultdict(list)
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            operations[operation["tags"][0]].append(_operation(f"{method.upper()} {path}", operation))
    shown = [f"## {tag[0].upper()}{tag[1:]}\n\n" + "\n\n".join(operations[tag]) for tag in sorted(operations, key=str.lower)]
    shapes = [_schema(name, schemas[name]) for name in sorted(schemas) if schemas[name].keys() & {"properties", "enum"}]
    return page(
        "HTTP API",
        "src/diarist",
        _ABOUT,
        "Any request can end with these problems; they are not repeated below.",
        table(
            ("Status", "Code", "What happened"),
            *sorted((str(status_of(error)), f"`{error.code}`", _first(error.__doc__ or "")) for error in (*EVERYWHERE, *GUARDED)),
        ),
        *shown,
        "## Shapes",
        *shapes,
    )


def _operation(name: str, operation: Json) -> str:
    scopes = sorted({scope for way in operation.get("security", []) for scopes in way.values() for scope in scopes})
    needs = f"Needs the scope `{scopes[0]}`." if scopes else "Needs no key."
    parts = [f"### {name}", f"{operation.get('description', '').strip()} {needs}".strip()]
    if parameters := operation.get("parameters"):
        rows = [
            (f"`{one['name']}`", one["in"], _type(one["schema"]), "yes" if one.get("required") else "", _first(_words(one)))
            for one in parameters
        ]
        parts.append(table(("Parameter", "In", "Type", "Required", "Meaning"), *rows))
    if content := operation.get("requestBody", {}).get("content"):
        bodies = (f"`{media_type}`{_of(one.get('schema', {}))}" for media_type, one in content.items())
        parts.append(f"Body: {', '.join(bodies)}.")
    parts.append(table(("Status", "Answer"), *_answers(operation["responses"])))
    return "\n\n".join(parts)


def _answers(responses: Json) -> Iterator[tuple[str, str]]:
    for status, answer in sorted(responses.items()):
        content = answer.get("content", {})
        if MEDIA_TYPE in content:
            codes = [code for code in content[MEDIA_TYPE]["examples"] if code not in _ALWAYS]
            if codes:
                yield status, "problem: " + ", ".join(f"`{code}`" for code in codes)
        else:
            kinds = ", ".join(f"`{media_type}`{_of(one.get('schema', {}))}" for media_type, one in content.items())
            headers = ", ".join(f"`{name}`" for name in answer.get("headers", {}))
            told = [_line(answer.get("description", "")), kinds, f"headers {headers}" if headers else ""]
            yield status, "; ".join(part.rstrip(".") for part in told if part)


def _schema(name: str, schema: Json) -> str:
    title, about = f"### Shape {name}", _line(schema.get("description", ""))
    if "enum" in schema:
        return "\n\n".join([title, f"{about} One of {_type(schema)}.".strip()])
    required = set(schema.get("required", ()))
    rows = [
        (f"`{field}`", _type(one), "" if field in required else "may be left out", _line(one.get("description", "")))
        for field, one in schema["properties"].items()
    ]
    return "\n\n".join([title, about, table(("Field", "Type", "", "Meaning"), *rows)])


def _of(schema: Json) -> str:
    told = _type(schema)
    return f" ({told})" if "[" in told else ""


def _type(schema: Json) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#shape-{name.lower()})"
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    for either in ("anyOf", "oneOf", "allOf"):
        if either in schema:
            return " or ".join(dict.fromkeys(_type(one) for one in schema[either]))
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return " ".join(part for part in (schema.get("type", "any"), schema.get("format", "")) if part)


def _words(parameter: Json) -> str:
    return str(parameter.get("description") or parameter["schema"].get("description", ""))


def _first(text: str) -> str:
    return _line(text.strip().partition("\n\n")[0])


def _line(text: str) -> str:
    return " ".join(text.split())
