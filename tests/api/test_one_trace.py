"""One recording is one trace, read back from a real receiver, and its log has the same ids; no word of it is told."""

from __future__ import annotations

import asyncio
import io
import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from asking_models import provider, with_llms
from diarist.services.embedded_workers import embedded_workers
from diarist.settings import EngineSettings, LogSettings, Settings
from diarist.settings.kept_secret import secrets_of
from diarist.settings.telemetry import TelemetrySettings
from diarist.telemetry.log_events import EVENTS
from diarist.telemetry.logging import configure_logging
from diarist.telemetry.metrics import Metrics
from diarist.telemetry.opening import open_tracing
from diarist.wiring import prepare
from llm_servers import Request, llm_servers
from otlp_receiver import Received, otlp_receiver
from own_logging import logging_as_before
from scraped import Scrape, told
from served import served
from waiting import until

SAMPLE = Path(__file__).parents[2] / "samples" / "tuesday_evening.opus"
CANARY = "Quetzalcoatl"
NEVER_TOLD = (CANARY, CANARY.lower(), "key-of-openai", "k3Qx9aBv0mT4yUeWc7LrZ2NsHj5gPdF8", "birthday_of_my_son")
TRACE, CALLER = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


@dataclass(frozen=True, slots=True)
class Run:
    """All that was told of one recording, and of a request that was refused."""

    added: httpx.Response
    refused: httpx.Response
    waterfall: dict[str, Any]
    spans: list[Received]
    lines: list[str]
    """Of the log, at its chattiest."""
    scrape: Scrape
    """Of those who worked."""

    def trace(self, trace_id: str) -> dict[str, list[Received]]:
        """The spans of a trace, by name."""
        found: dict[str, list[Received]] = {}
        for one in self.spans:
            if one.trace_id == trace_id:
                found.setdefault(one.name, []).append(one)
        return found

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.lines]


def _answer(request: Request) -> dict[str, Any]:
    """Claims each segment as it stands, and writes it."""
    said = str([message["content"] for message in request.body["messages"]][-1])
    if "<transcript-" in said:
        segments = re.findall(r"^\[(\d+)\] (.*)$", said, re.MULTILINE)
        return {"claims": [{"text": text, "segment_ids": [int(at)], "quote": text, "kind": "event"} for at, text in segments]}
    claims = re.findall(r'^(c\d+) \w+: .* \(said: "(.*)"\)$', said, re.MULTILINE)
    mood = {"valence": 0.3, "arousal": 0.1, "label": "hopeful", "claims": [claims[0][0]]}
    return {"title": "A walk", "sentences": [{"text": quote, "claims": [name]} for name, quote in claims], "mood": mood}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """A recording that went the whole way."""
    folder, log = tmp_path_factory.mktemp("traced"), io.StringIO()
    with ExitStack() as stack:
        stack.enter_context(logging_as_before())
        receiver = stack.enter_context(otlp_receiver(folder))
        llms = stack.enter_context(llm_servers())
        llms.answer = _answer
        settings = Settings(
            data_dir=folder / "data",
            cache_dir=folder / "cache",
            engine=EngineSettings(name="scripted", model=f"say=I walked with {CANARY} at the harbour."),
            telemetry=TelemetrySettings(endpoint=receiver.url),
        )
        asking = with_llms(settings, provider(llms, "openai"), tries=1)
        configure_logging(LogSettings(level="debug", format="json"), stream=log, secrets=secrets_of(asking))
        asyncio.run(prepare(asking))
        metrics = Metrics.open("standalone")
        with (
            open_tracing(asking.telemetry, "standalone"),
            embedded_workers(asking, metrics=metrics) as ring,
            served(asking, ring=ring) as client,
        ):
            added = _add(client)
            until(lambda: client.get(added.headers["Location"]).json()["state"] == "succeeded")
            assert client.get("/v1/jobs", headers={"Authorization": f"Bearer diarist_{NEVER_TOLD[3]}"}).status_code == 401
            refused = client.get("/v1/jobs/019a0c5e-6f0e-7c3b-9a53-0d7c2f6f9b11")
            waterfall = client.get(f"{added.headers['Location']}/waterfall").json()
        until(lambda: any(one.name == "compose" for one in receiver.spans()))
        yield Run(added, refused, waterfall, receiver.spans(), log.getvalue().splitlines(), told(metrics))


def _add(client: httpx.Client) -> httpx.Response:
    headers = {
        "traceparent": f"00-{TRACE}-{CALLER}-01",
        "X-Request-ID": "abc",
    }
    with SAMPLE.open("rb") as memo:
        return client.post("/v1/recordings", files={"file": (f"{NEVER_TOLD[4]}.opus", memo)}, headers=headers)


def test_a_recording_is_one_trace_from_the_request_to_the_model(run: Run) -> None:
    spans = run.trace(TRACE)
    assert run.added.headers["X-Trace-ID"] == TRACE

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

    asked = [one for name, found in spans.items() if name.startswith("ask ") for one in found]
    chats = spans["chat gpt-4o-mini"]
    assert {one.parent_id for one in asked} == {compose.id}
    assert {one.parent_id for one in chats} == _ids(asked)
    assert {one.attributes["gen_ai.usage.input_tokens"] > 0 for one in chats} == {True}
    assert {one.attributes["gen_ai.provider.name"] for one in chats} == {"openai"}

    for step in ("database write", "blobs put"):
        assert {request.id, plan.id} <= {one.parent_id for one in spans[step]}


def test_figures_lead_to_the_trace(run: Run) -> None:
    for histogram in ("diarist_task_duration_seconds", "diarist_transcript_wait_per_audio_minute_seconds"):
        dots = [one.exemplar.labels for one in run.scrape.find(f"{histogram}_bucket") if one.exemplar]
        assert {dot["trace_id"] for dot in dots} == {TRACE}, histogram


def test_no_word_of_a_recording_and_no_key_is_in_a_trace(run: Run) -> None:
    assert not [(word, one.name) for one in run.spans for word in NEVER_TOLD if word in one.text]


def test_a_problem_names_its_trace_and_whoever_is_wrong_is_no_fault(run: Run) -> None:
    trace_id = run.refused.json()["trace_id"]
    assert run.refused.headers["X-Trace-ID"] == trace_id
    spans = run.trace(trace_id)
    assert _only(spans, "GET /v1/jobs/{job_id}").attributes["http.response.status_code"] == 404
    assert not [one for found in spans.values() for one in found if one.failed]


def test_every_line_of_the_log_is_a_known_event_with_its_ids(run: Run) -> None:
    events = run.events()
    assert {one["event"] for one in events} <= set(EVENTS)
    (request,) = [one for one in events if one.get("request_id") == "abc" and one["event"] == "request.ended"]
    assert request["trace_id"] == TRACE
    settled = [one for one in events if one["event"] == "task.settled"]
    assert {one["stage"] for one in settled} == {"inspect", "plan", "transcribe", "merge", "compose"}
    assert {one["trace_id"] for one in settled} == {TRACE}
    assert all({"job_id", "task_id", "span_id", "timestamp", "level", "logger"} <= one.keys() for one in settled)
    assert {one["span_id"] for one in settled} <= _ids(run.spans)


def test_no_word_of_a_recording_and_no_key_is_in_the_log(run: Run) -> None:
    assert run.lines
    assert not [(word, line) for line in run.lines for word in NEVER_TOLD if word in line]


def test_the_waterfall_tells_time_and_cost_without_any_collector(run: Run) -> None:
    told = run.waterfall
    assert (told["state"], told["trace_id"]) == ("succeeded", TRACE)
    chunks = len(run.trace(TRACE)["transcribe"])
    assert [(one["stage"], one["tasks"], one["attempts"]) for one in told["stages"]] == [
        ("inspect", 1, 1), ("plan", 1, 1), ("transcribe", chunks, chunks), ("merge", 1, 1), ("compose", 1, 1),
    ]  # fmt: skip
    assert all(one["worked"] > 0 and one["waited"] >= 0 for one in told["bars"])
    assert told["seconds"] == pytest.approx(max(one["ready"] + one["waited"] + one["worked"] for one in told["bars"]), abs=0.01)
    assert [(one["purpose"], one["model"], one["calls"]) for one in told["questions"]] == [
        ("diary.claims", "openai/gpt-4o-mini", 1), ("diary.entry", "openai/gpt-4o-mini", 1),
    ]  # fmt: skip
    assert float(told["cost_usd"]) == sum(float(one["cost_usd"]) for one in told["questions"]) > 0
    assert told["stages"][-1]["cost_usd"] == told["cost_usd"]


def _ids(spans: list[Received]) -> set[str]:
    return {one.id for one in spans}


def _only(spans: dict[str, list[Received]], name: str) -> Received:
    (one,) = spans[name]
    return one
