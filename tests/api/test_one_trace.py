"""One recording is one trace: read back from a real receiver, from the request to the call of the model."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from asking_models import provider, with_llms
from diarist.services.embedded_workers import embedded_workers
from diarist.settings import EngineSettings, Settings
from diarist.settings.telemetry import TelemetrySettings
from diarist.telemetry.opening import open_tracing
from diarist.wiring import prepare
from llm_servers import Llms, Request, llm_servers
from otlp_receiver import Received, Receiver, otlp_receiver
from served import served
from waiting import until

pytestmark = pytest.mark.sqlite_only

SAMPLE = Path(__file__).parents[2] / "samples" / "tuesday_evening.opus"
CANARY = "Quetzalcoatl"
TRACE, CALLER = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


def _answer(request: Request) -> dict[str, Any]:
    """Claims each segment as it stands, and writes it."""
    said = str([message["content"] for message in request.body["messages"]][-1])
    if "<transcript-" in said:
        segments = re.findall(r"^\[(\d+)\] (.*)$", said, re.MULTILINE)
        return {"claims": [{"text": text, "segment_ids": [int(at)], "quote": text, "kind": "event"} for at, text in segments]}
    claims = re.findall(r'^(c\d+) \w+: .* \(said: "(.*)"\)$', said, re.MULTILINE)
    mood = {"valence": 0.3, "arousal": 0.1, "label": "hopeful", "claims": [claims[0][0]]}
    return {"title": "A walk", "sentences": [{"text": quote, "claims": [name]} for name, quote in claims], "mood": mood}


@pytest.fixture
def llms() -> Iterator[Llms]:
    with llm_servers() as servers:
        servers.answer = _answer
        yield servers


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    with otlp_receiver(tmp_path) as receiver:
        yield receiver


@pytest.fixture
def client(settings: Settings, llms: Llms, receiver: Receiver) -> Iterator[httpx.Client]:
    """Of a server with workers whose traces are collected."""
    engine = EngineSettings(name="scripted", model=f"say=I walked with {CANARY} at the harbour.")
    hearing = settings.model_copy(update={"engine": engine, "telemetry": TelemetrySettings(endpoint=receiver.url)})
    asking = with_llms(hearing, provider(llms, "openai"), tries=1)
    asyncio.run(prepare(asking))
    with open_tracing(asking.telemetry, "standalone"), embedded_workers(asking) as ring, served(asking, ring=ring) as client:
        yield client


def test_a_recording_is_one_trace_from_the_request_to_the_model(client: httpx.Client, receiver: Receiver) -> None:
    with SAMPLE.open("rb") as memo:
        added = client.post(
            "/v1/recordings", files={"file": memo}, headers={"traceparent": f"00-{TRACE}-{CALLER}-01", "X-Request-ID": "abc"}
        )
    assert added.headers["X-Trace-ID"] == TRACE
    until(lambda: client.get(added.headers["Location"]).json()["state"] == "succeeded")
    spans = receiver.trace(TRACE, last="compose")

    request = _only(spans, "POST /v1/recordings")
    assert (request.parent_id, request.kind, request.attributes["http.response.status_code"]) == (CALLER, 2, 202)
    inspect, plan, merge, compose = (_only(spans, stage) for stage in ("inspect", "plan", "merge", "compose"))
    chunks = spans["transcribe"]
    assert len(chunks) > 1
    assert [inspect.parent_id, plan.parent_id, {one.parent_id for one in chunks}] == [request.id, inspect.id, {plan.id}]
    # What made it ready: the last of the parts, or the cutting of them.
    assert merge.parent_id in {*_ids(chunks), plan.id}
    assert set(merge.linked) == _ids(chunks)
    assert compose.parent_id == merge.id

    calls, answers = spans["call transcribe"], spans["answer transcribe"]
    assert {one.parent_id for one in calls} == _ids(chunks)
    assert {one.parent_id for one in answers} == _ids(calls)
    assert {one.parent_id for one in spans["hear"]} == _ids(answers)
    assert len({one.attributes["process.pid"] for one in answers}) == 1
    assert {one.attributes["diarist.engine"] for one in spans["hear"]} == {"scripted"}

    asked = _ids([one for name, found in spans.items() if name.startswith("ask ") for one in found])
    assert {one.parent_id for name, found in spans.items() if name.startswith("ask ") for one in found} == {compose.id}
    chats = spans["chat gpt-4o-mini"]
    assert {one.parent_id for one in chats} == asked
    assert {one.attributes["gen_ai.usage.input_tokens"] > 0 for one in chats} == {True}
    assert {one.attributes["gen_ai.provider.name"] for one in chats} == {"openai"}

    for step in ("database write", "blobs put"):
        assert {request.id, plan.id} <= {one.parent_id for one in spans[step]}
    everything = "".join(one.text for one in receiver.spans())
    assert not [word for word in (CANARY, "key-of-openai", "tuesday_evening") if word in everything]


def test_a_problem_names_its_trace_and_whoever_is_wrong_is_no_fault(client: httpx.Client, receiver: Receiver) -> None:
    refused = client.get("/v1/jobs/019a0c5e-6f0e-7c3b-9a53-0d7c2f6f9b11")

    trace_id = refused.json()["trace_id"]
    assert refused.headers["X-Trace-ID"] == trace_id
    spans = receiver.trace(trace_id, last="GET /v1/jobs/{job_id}")
    assert not [one for found in spans.values() for one in found if one.failed]


def _ids(spans: list[Received]) -> set[str]:
    return {one.id for one in spans}


def _only(spans: dict[str, list[Received]], name: str) -> Received:
    (one,) = spans[name]
    return one
