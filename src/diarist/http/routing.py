"""Parts of a router: services that share the addresses of a feature between them each take some of its routes."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter
from fastapi.routing import APIRoute


def chosen(router: APIRouter, keep: Callable[[APIRoute], bool]) -> APIRouter:
    """A router with those of the routes that are to be kept, in their order."""
    part = APIRouter()
    part.routes.extend(route for route in router.routes if isinstance(route, APIRoute) and keep(route))
    return part


def reads(route: APIRoute) -> bool:
    """Whether a route only looks."""
    return (route.methods or set()) <= {"GET", "HEAD"}
