"""`/metrics`: all figures of the process, for Prometheus or whatever else reads its text."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from diarist.telemetry.metrics.exposition import scrape

router = APIRouter(tags=["health"])


@router.get("/metrics", response_class=Response)
async def metrics(request: Request) -> Response:
    """OpenMetrics with exemplars if that is accepted, else the older text format."""
    await request.state.before_scrape()
    text, media_type = scrape(request.state.metrics.catalogue, request.headers.get("accept", ""))
    return Response(text, media_type=media_type)
