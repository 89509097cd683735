"""One request for many things: each is done or not on its own, and the answer says of each which it was.

200 says that all were done, 207 (RFC 4918, 11.1) that at least one was not: nobody has to read the list to notice.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from diarist.errors import DiaristError, Unavailable
from diarist.http.problem import status_of, told

MOST = 100
"""Things of one request."""


def _unlike(ids: list[UUID]) -> list[UUID]:
    if len(set(ids)) < len(ids):
        raise ValueError("one of them is named twice")
    return ids


Ids = Annotated[
    list[UUID],
    AfterValidator(_unlike),
    Field(min_length=1, max_length=MOST, json_schema_extra={"uniqueItems": True}, description="Which; each once."),
]


class BulkProblem(BaseModel):
    """Why something was not done; what `application/problem+json` says."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    advice: str


class BulkResult(BaseModel):
    """What became of one of them."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    id: UUID
    status: int
    """The HTTP status that it would have been answered with alone."""
    problem: BulkProblem | None = None
    """Why it was not done; null where it was."""


class BulkAnswer(BaseModel):
    """What became of all of them."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    succeeded: int
    failed: int
    results: list[BulkResult]
    """In the order of the request."""


RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"description": "All were done."},
    207: {"model": BulkAnswer, "description": "At least one was not done; `results` says which, and why."},
}
"""Of such a route."""


async def one_by_one(response: Response, ids: Sequence[UUID], act: Callable[[UUID], Awaitable[int]]) -> BulkAnswer:
    """Do something to each; `act` gives the status of a good answer or raises. Sets the status of the response."""
    results: list[BulkResult] = []
    away: Unavailable | None = None
    for identifier in ids:
        try:
            # When the database is away for one it is for all: they shall not wait for it one after the other.
            if away is not None:
                raise away
            results.append(BulkResult(id=identifier, status=await act(identifier)))
        except DiaristError as error:
            away = error if isinstance(error, Unavailable) else None
            results.append(BulkResult(id=identifier, status=status_of(type(error)), problem=BulkProblem(**told(error))))
    failed = sum(result.problem is not None for result in results)
    response.status_code = 207 if failed else 200
    return BulkAnswer(succeeded=len(results) - failed, failed=failed, results=results)
