"""What KEDA and Kubernetes ask before they add or take replicas, asked of a real Prometheus that looks at a fleet at work."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from deployed import DEPLOY, read
from fleet import Fleet, fleet, until
from helm_chart import named, needs_helm, resources
from postgres_server import PostgresServer
from prometheus_server import Prometheus, missing, prometheus_server
from redis_server import redis_server

SAMPLE = Path(__file__).parents[2] / "samples" / "tuesday_evening.opus"
WORKER = "transcription-worker"
WATCHED = {"namespace": "diarist", "pod": "one"}
"""As the Prometheus operator labels what a PodMonitor finds."""

pytestmark = [
    needs_helm,
    pytest.mark.heavy,
    pytest.mark.skipif(bool(missing("prometheus")), reason="prometheus is not installed (apt-get install prometheus)"),
]


@pytest.fixture
def diarist(tmp_path: Path, postgres: PostgresServer) -> Iterator[Fleet]:
    (tmp_path / "redis").mkdir()
    with redis_server(tmp_path / "redis") as redis, fleet(tmp_path, postgres, redis) as found:
        yield found


def triggers(role: str) -> dict[str, Mapping[str, str]]:
    """By their names."""
    [scaled] = named(resources("prod"), "ScaledObject", f"diarist-{role}")
    found: list[dict[str, Any]] = scaled["spec"]["triggers"]
    assert all(one["metadata"]["ignoreNullValues"] == "false" for one in found), "nothing known is not nothing to do"
    return {one["name"]: one["metadata"] for one in found}


def asked(prometheus: Prometheus, query: str) -> float | None:
    """One number, as KEDA wants it; nothing where there is no answer."""
    answer = prometheus.now(query, time.time())
    assert len(answer) <= 1, "KEDA takes one number"
    return answer[0].value if answer else None


def wanted(prometheus: Prometheus, role: str) -> int:
    """Replicas, of which a trigger cannot want none."""
    values = {name: asked(prometheus, one["query"]) for name, one in triggers(role).items()}
    assert None not in values.values(), values
    return max(math.ceil((values[name] or 0) / float(one["threshold"])) for name, one in triggers(role).items())


def test_replicas_follow_the_work_and_stay_while_any_runs(diarist: Fleet, tmp_path: Path) -> None:
    api = diarist.start("ingestion-api")
    workers = [diarist.start(WORKER, ENGINE__MODEL="speed=3", PLAN__CHUNK_SECONDS="30") for _ in range(2)]
    targets = {"ingestion-api": [f"127.0.0.1:{api.private}"], WORKER: [f"127.0.0.1:{one.private}" for one in workers]}
    backlog, running = triggers(WORKER)["backlog"]["query"], triggers(WORKER)["running-transcription"]["query"]
    with prometheus_server(tmp_path, targets, labels=WATCHED) as prometheus, api.client() as client:
        until(lambda: asked(prometheus, backlog) == 0)
        assert asked(prometheus, triggers("llm-worker")["backlog"]["query"]) == 0
        assert wanted(prometheus, WORKER) == 0, "as few as there may be"
        began = time.time()
        content = SAMPLE.read_bytes()
        for number in range(4):
            answer = client.post("/v1/recordings", content=content + bytes([number]), headers={"Content-Type": "audio/ogg"})
            assert answer.status_code == 202, answer.text
        until(lambda: (asked(prometheus, running) or 0) == 2, workers[0])
        assert wanted(prometheus, WORKER) >= 2, "none is taken away while each has a task"
        until(lambda: (asked(prometheus, backlog) or 0) > 120)

        busy = "SELECT count(*) FROM tasks WHERE queue IN ('audio', 'transcription') AND state NOT IN ('succeeded', 'failed')"
        until(lambda: diarist.query(busy) == [(0,)], workers[0])
        until(lambda: asked(prometheus, backlog) == 0)
        assert wanted(prometheus, WORKER) == 0

        span = math.ceil(time.time() - began)
        worked = 'sum(max by (queue, priority) (diarist_queue_running{queue=~"audio|transcription"}))'
        [least] = prometheus.now(f"min_over_time((({backlog}) and on () ({worked} > 0))[{span}s:1s])", time.time())
        assert least.value > 0, "it never falls to nothing while a task runs"
        [most] = prometheus.now(f"max_over_time(({backlog})[{span}s:1s])", time.time())
        assert most.value > 2 * least.value, "it moves with the work"
        assert not prometheus.now(backlog, began - 3600), "where nobody tells there is no number, and KEDA keeps what there is"


def test_requests_of_each_pod_are_told_as_the_autoscaler_asks(diarist: Fleet, tmp_path: Path) -> None:
    [rule] = read(DEPLOY / "kubernetes" / "prometheus-adapter.yaml")["rules"]["custom"]
    [scaler] = [
        one for one in named(resources("prod"), "HorizontalPodAutoscaler") if one["metadata"]["name"].endswith("ingestion-api")
    ]
    [pods] = [one["pods"] for one in scaler["spec"]["metrics"] if one["type"] == "Pods"]
    assert pods["metric"]["name"] == rule["name"]["as"]
    name = rule["seriesQuery"].partition("{")[0]
    query = rule["metricsQuery"]
    for gap, filled in {"Series": name, "LabelMatchers": 'namespace="diarist",pod=~"one|two"', "GroupBy": "pod"}.items():
        query = query.replace(f"<<.{gap}>>", filled)
    api = diarist.start("ingestion-api")
    with (
        prometheus_server(tmp_path, {"ingestion-api": [f"127.0.0.1:{api.private}"]}, labels=WATCHED) as prometheus,
        api.client() as client,
    ):

        def told() -> float:
            client.get("/health/live")
            client.post("/v1/recordings", content=b"no sound", headers={"Content-Type": "text/plain"})
            answer = prometheus.now(query, time.time())
            assert [one.labels for one in answer] in ([], [{"pod": "one"}])
            return answer[0].value if answer else 0

        assert until(told) > 0
        assert prometheus.label_values("pod", rule["seriesQuery"]) == ["one"]
