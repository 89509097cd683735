"""OpenAI's error object (openai-python, types/shared/error_object.py), for every problem under its paths."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from diarist.compat.problems import status_of
from diarist.http.shapes import Shape, refusals

_KINDS = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
_SERVER_ERRORS = 500


class ErrorObject(BaseModel):
    """What went wrong."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    message: str
    """What happened and what to do, for people."""
    type: str
    """The family, such as `invalid_request_error`."""
    param: str | None
    """The field that it is about."""
    code: str | None
    """Stable name for machines, the same as everywhere in this API."""


class OpenAiError(BaseModel):
    """An error in the shape that OpenAI's clients read."""

    error: ErrorObject


def _translate(problem: Mapping[str, Any]) -> tuple[int, Any]:
    status = status_of(problem)
    detail = problem["detail"].rstrip(".")
    error = ErrorObject(
        message=f"{detail[:1].upper()}{detail[1:]}. {problem['advice']}",
        type=_KINDS.get(status, "server_error" if status >= _SERVER_ERRORS else "invalid_request_error"),
        param=next((field["name"] for field in problem.get("fields") or ()), None),
        code=problem["code"],
    )
    return status, OpenAiError(error=error).model_dump()


SHAPE = Shape(re.compile(r"/v1/(audio|models|uploads)(/.*)?"), _translate)

ERRORS = refusals(OpenAiError)
"""For the description of routes."""
