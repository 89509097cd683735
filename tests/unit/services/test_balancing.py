"""A load balancer that goes by the rules hands every request to an API that serves it."""

import re

import pytest
from fastapi.routing import APIRoute

from diarist.services.balancing import READER, READS, WRITER, role_for, rules
from diarist.services.roles import ROLES


def served(role: str) -> set[tuple[str, str]]:
    routes = (route for router in ROLES[role].routers() for route in router.routes if isinstance(route, APIRoute))
    return {(method, route.path) for route in routes for method in route.methods or ()}


def test_every_route_is_handed_to_an_api_that_serves_it() -> None:
    all_routes = served(WRITER) | served(READER)
    lost = {
        (method, path)
        for method, path in all_routes
        if (method, path) not in served(role_for(method, re.sub(r"{\w+}", "019a0c5e", path)))
    }
    assert not lost


@pytest.mark.parametrize(
    ("method", "path", "role"),
    [
        ("POST", "/v1/recordings", WRITER),
        ("GET", "/v1/recordings", READER),
        ("GET", "/v1/recordings/uploads/019a", WRITER),
        ("HEAD", "/v1/tus/019a", WRITER),
        ("GET", "/health/ready", WRITER),
    ],
)
def test_reads_go_to_the_reader_and_all_else_to_the_writer(method: str, path: str, role: str) -> None:
    assert role_for(method, path) == role


def test_a_longer_beginning_comes_first() -> None:
    lengths = [len(rule.prefix) for rule in rules()]
    assert lengths == sorted(lengths, reverse=True)
    assert set(READS) == {"GET", "HEAD"}
