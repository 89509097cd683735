"""Paths beside a `/{id}` that only take POST: any other method there is told so, not that the path is no id."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException

_METHODS = ["GET", "HEAD", "PUT", "PATCH", "DELETE"]


def only_posted(router: APIRouter, path: str) -> None:
    """Let `path` (below the router's prefix) answer 405 to what is no POST; the router must come before that of the ids."""
    router.add_api_route(path, _not_allowed, methods=_METHODS, include_in_schema=False)


async def _not_allowed() -> None:
    raise HTTPException(405)
