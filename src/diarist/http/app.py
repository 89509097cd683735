"""Puts an app together from routers: what is the same for every service of Diarist."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.middleware import Middleware
from starlette.types import Lifespan

from diarist import __version__
from diarist.http import debugging, health, scraping
from diarist.http.authentication import Authenticate
from diarist.http.bounds import Bounds
from diarist.http.documentation import documentation
from diarist.http.freshness import RememberWrites
from diarist.http.hosts import OnlyKnownHosts, allowed_names
from diarist.http.measured import Measured
from diarist.http.moved import CountMoved
from diarist.http.openapi import DescribedApi
from diarist.http.problem import answer_errors
from diarist.http.request_scope import RequestScope
from diarist.http.security_headers import SecurityHeaders
from diarist.http.shapes import ForeignShapes, Shape
from diarist.settings import HttpSettings
from diarist.telemetry.metrics import Metrics

_DESCRIPTION = """Give a recording; read its transcript, and a diary entry in which every sentence names the moment it came from.

Times are seconds from the start of the recording. Every error is `application/problem+json` with a stable `code`."""


def new_app(
    settings: HttpSettings, routers: Iterable[APIRouter], lifespan: Lifespan[FastAPI], metrics: Metrics,
    shapes: Sequence[Shape] = (), webhooks: APIRouter | None = None,
) -> FastAPI:  # fmt: skip
    """An app with these routes, health and documentation; `shapes`: how errors look under paths of other people's APIs.

    `webhooks`: what the app sends to others, for its description.
    """
    app = DescribedApi(
        title="Diarist",
        version=__version__,
        description=_DESCRIPTION,
        lifespan=lifespan,
        webhooks=webhooks,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=_operation_id,
        # The outermost first.
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(ForeignShapes, shapes=shapes),
            Middleware(RequestScope),
            Middleware(Measured, metrics=metrics.http),
            Middleware(Bounds),
            Middleware(OnlyKnownHosts, allowed=allowed_names(settings)),
            Middleware(Authenticate, settings=settings),
            Middleware(CountMoved),
            Middleware(RememberWrites),
        ],
    )
    for router in (*routers, health.router, documentation()):
        app.include_router(router)
    answer_errors(app)
    return app


def _operation_id(route: APIRoute) -> str:
    return route.name


def private_app(lifespan: Lifespan[FastAPI], *, debug: bool = False) -> FastAPI:
    """An app that tells of the process's health and figures, to whoever reaches its private port, by whatever name.

    `debug`: also what it is doing, to whoever shows a key with the scope `manage`.
    """
    app = FastAPI(lifespan=lifespan, openapi_url=None, redirect_slashes=False, middleware=[Middleware(RequestScope)])
    for router in (health.router, scraping.router, *((debugging.router,) if debug else ())):
        app.include_router(router)
    answer_errors(app)
    return app
