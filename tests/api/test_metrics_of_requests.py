"""What a scrape says of the requests that were answered."""

import asyncio
from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest

from diarist.settings import Settings
from diarist.telemetry.metrics import Metrics
from diarist.wiring import prepare
from scraped import private_address, scraped
from served import served

CLASSIC = "text/plain; version=0.0.4"


@pytest.fixture
def metrics() -> Metrics:
    return Metrics.open("standalone")


@pytest.fixture
def private(settings: Settings, metrics: Metrics) -> Iterator[str]:
    asyncio.run(prepare(settings))
    with private_address(settings, metrics) as address:
        yield address


@pytest.fixture
def client(settings: Settings, metrics: Metrics) -> Iterator[httpx.Client]:
    with served(settings, metrics=metrics) as client:
        yield client


def test_requests_are_told_by_route_and_never_by_path(client: httpx.Client, private: str) -> None:
    ids = [uuid4() for _ in range(5)]
    for one in ids:
        assert client.get(f"/v1/jobs/{one}").status_code == 404
    client.get("/v1/jobs", params={"secret": "canary"})
    client.get("/canary")
    client.request("CANARY", "/v1/jobs")
    found = scraped(private)
    assert found.total("diarist_http_requests_total", route="/v1/jobs/{job_id}", method="GET", status="4xx") == 5
    assert found.total("diarist_http_request_duration_seconds_count", route="/v1/jobs/{job_id}", method="GET") == 5
    assert found.total("diarist_http_requests_total", route="/v1/jobs", status="2xx") == 1
    assert found.total("diarist_http_requests_total", route="unmatched", method="GET", status="4xx") == 1
    assert found.find("diarist_http_requests_total", method="other")
    assert found.total("diarist_http_requests_in_flight") == 0
    assert "canary" not in found.text.lower()
    assert not any(str(one) in found.text for one in ids)


def test_paths_and_methods_without_end_make_no_series_without_end(client: httpx.Client, private: str) -> None:
    client.get("/v1/jobs")
    before = len(scraped(private).samples)
    for number in range(40):
        client.get(f"/v1/jobs/{uuid4()}")
        client.get(f"/nothing/{number}")
        client.request(f"METHOD{number}", "/v1/jobs")
    # A route, a family of statuses and two ways to ask are new: two counters and a histogram of a dozen and a half each.
    assert len(scraped(private).samples) - before < 100


def test_the_scraper_chooses_the_format(private: str) -> None:
    new, old, plain = scraped(private), scraped(private, CLASSIC), scraped(private, "*/*")
    assert new.media_type.startswith("application/openmetrics-text; version=1.0.0")
    assert new.text.endswith("# EOF\n")
    assert old.media_type.startswith("text/plain; version=0.0.4")
    assert plain.media_type.startswith("text/plain; version=0.0.4")
    assert "# EOF" not in old.text
    names = [{family.name for family in found.families} for found in (new, old)]
    assert {name.removesuffix("_total") for name in names[1]} == {name.removesuffix("_total") for name in names[0]}


def test_a_scrape_tells_what_runs_and_what_it_takes(client: httpx.Client, private: str) -> None:
    client.get("/health/live")
    found = scraped(private)
    assert [one.labels["role"] for one in found.find("diarist_build_info")] == ["standalone"]
    assert found.total("process_resident_memory_bytes") > 10_000_000
    assert found.total("process_open_fds") > 3
    assert found.find("python_gc_collections_total")


def test_no_public_port_tells_figures(client: httpx.Client) -> None:
    assert client.get("/metrics").status_code == 404


def test_streams_are_counted_while_they_are_open_and_take_no_time(client: httpx.Client, private: str) -> None:
    with client.stream("GET", "/v1/events") as stream:
        assert stream.status_code == 200
        found = scraped(private)
        assert found.total("diarist_http_streams_open", protocol="sse") == 1
        assert found.total("diarist_http_requests_in_flight") == 0
        assert found.total("diarist_http_requests_total", route="/v1/events", status="2xx") == 1
