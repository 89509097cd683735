"""`/metrics`: all figures of the process, for Prometheus or whatever else reads its text."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request
from starlette.responses import Response

from diarist.http.health import passing
from diarist.telemetry.metrics.exposition import scrape

router = APIRouter(tags=["health"])


@router.get("/metrics", response_class=Response)
async def metrics(request: Request) -> Response:
    """OpenMetrics with exemplars if that is accepted, else the older text format."""
    state = request.state
    # Side by side: both wait for a database that is away, and a scrape does not wait for long.
    found, _ = await asyncio.gather(passing({**state.readiness, **state.beneficial}), state.before_scrape())
    for name, passes in found.items():
        state.metrics.process.checks.put(float(passes), name)
    text, media_type = scrape(state.metrics.catalogue, request.headers.get("accept", ""))
    return Response(text, media_type=media_type)
