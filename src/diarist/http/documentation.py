"""The page /docs: Swagger UI from an installed package, with nothing fetched from elsewhere."""

from __future__ import annotations

from importlib.resources import files

from fastapi import APIRouter
from starlette.responses import Response

from diarist.errors import NotFound

ASSETS = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css", "favicon-32x32.png": "image/png"}
"""What the page loads, with its media type."""
POLICY = (
    # Swagger UI draws its icons from data: addresses.
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Diarist: HTTP API</title>
<link rel="icon" href="/docs/favicon-32x32.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""
# A file of its own, for the page's policy allows no script inside it.
_START = """SwaggerUIBundle({ url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true, validatorUrl: null });
"""


def documentation() -> APIRouter:
    """The page and what it loads."""
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/docs", _page)
    router.add_api_route("/docs/start.js", _start)
    router.add_api_route("/docs/{name}", _asset)
    return router


async def _page() -> Response:
    return Response(_PAGE, media_type="text/html", headers={"Content-Security-Policy": POLICY})


async def _start() -> Response:
    return Response(_START, media_type="text/javascript")


def _asset(name: str) -> Response:
    """Read in a thread of its own: the bundle has more than a megabyte."""
    if name not in ASSETS:
        raise NotFound("there is no such part of the documentation", advice="Open /docs.")
    content = files("fastapi_swagger.resources").joinpath(name).read_bytes()
    return Response(content, media_type=ASSETS[name], headers={"Cache-Control": "public, max-age=3600"})
