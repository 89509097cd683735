"""How routes describe a form that holds a file: it is read as it arrives, so that nothing else can tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from diarist.http.upload import FORM


def takes_form(
    name: str, description: str, others: Mapping[str, Any] | None = None, required: Sequence[str] = ()
) -> dict[str, Any]:
    """The `openapi_extra` of a route. `name`: the field of the file; `others`: what may stand beside it, by field."""
    file = {"type": "string", "format": "binary", "description": description}
    schema = {"type": "object", "required": [name, *required], "properties": {name: file, **(others or {})}}
    return {"requestBody": {"required": True, "content": {FORM: {"schema": schema}}}}
