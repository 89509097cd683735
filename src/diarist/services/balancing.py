"""Which requests a load balancer hands to which API: by the beginning of the path, and by whether they only look."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.routing import APIRoute

from diarist.services.roles import ROLES

READS = ("GET", "HEAD")
"""Methods that change nothing."""
WRITER, READER = "ingestion-api", "job-status-api"
"""Whoever is not named by a rule is answered by the writer."""


@dataclass(frozen=True, slots=True, order=True)
class Rule:
    """Reads whose path begins like this go to a role."""

    prefix: str
    role: str


def rules() -> tuple[Rule, ...]:
    """Those of reads, the longest beginning first: the first that fits counts. All else goes to the writer."""
    theirs, ours = (_read_paths(ROLES[name].routers()) for name in (READER, WRITER))
    found = {Rule(_fixed(path), READER) for path in theirs - ours}
    # What only the writer answers below one of these, such as how far an upload is.
    found |= {Rule(_fixed(path), WRITER) for path in ours - theirs if any(_fixed(path).startswith(rule.prefix) for rule in found)}
    return tuple(sorted(found, key=lambda rule: (-len(rule.prefix), rule)))


def role_for(method: str, path: str) -> str:
    """The role that is given a request."""
    if method in READS:
        return next((rule.role for rule in rules() if path.startswith(rule.prefix)), WRITER)
    return WRITER


def _read_paths(routers: Iterable[APIRouter]) -> frozenset[str]:
    routes = (route for router in routers for route in router.routes if isinstance(route, APIRoute))
    return frozenset(route.path for route in routes if "GET" in (route.methods or ()))


def _fixed(path: str) -> str:
    """The part before the first parameter."""
    return path.partition("{")[0].rstrip("/")
