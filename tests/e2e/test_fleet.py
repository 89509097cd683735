"""Roles as processes of their own: what one takes in, others work off and show; each ends in good order."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from fleet import Fleet, until
from postgres_server import PostgresServer

SAMPLE = Path(__file__).parents[2] / "samples" / "tuesday_evening.opus"
PATH = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
SLOW = "speed=2"
"""The scripted engine needs half a minute for the sample."""

pytestmark = pytest.mark.slow


def upload(client: httpx.Client) -> str:
    """Take the sample in; the address of its job."""
    with SAMPLE.open("rb") as memo:
        response = client.post("/v1/recordings", files={"file": memo})
    assert response.status_code == 202, response.text
    return str(response.headers["Location"])


def transcribing(diarist: Fleet) -> list[Any]:
    return diarist.query("SELECT id, attempts FROM tasks WHERE stage = 'transcribe' AND state = 'running' AND done_seconds > 0")


def engines(pid: int) -> list[psutil.Process]:
    children = psutil.Process(pid).children(recursive=True)
    return [child for child in children if "the engine process" in " ".join(child.cmdline())]


def test_a_recording_goes_through_the_whole_fleet(diarist: Fleet) -> None:
    ingestion, status = diarist.start("ingestion-api"), diarist.start("job-status-api")
    worker, llm = diarist.start("transcription-worker"), diarist.start("llm-worker")
    with ingestion.client() as writing, status.client() as reading:
        location = upload(writing)
        job = until(lambda: (found := reading.get(location).json())["state"] == "succeeded" and found, worker)
        assert writing.get(location).json()["state"] == "succeeded"
        recording = f"/v1/recordings/{job['recording_id']}"
        assert reading.get(f"{recording}/transcript").json()["segments"]
        assert reading.get(f"{recording}/entry").json()["sentences"]
        assert reading.get(f"{recording}/audio").content == SAMPLE.read_bytes()
        assert writing.get(recording).json()["id"] == job["recording_id"]
        assert writing.get(f"{recording}/transcript").status_code == 404
        assert reading.post("/v1/recordings", content=b"x").status_code == 405
    assert diarist.query("SELECT DISTINCT state FROM tasks") == [("succeeded",)]
    for member in (ingestion, status, worker, llm):
        memory = psutil.Process(member.process.pid).memory_info().rss / 2**20
        print(f"{member.role}: {memory:.0f} MiB")  # noqa: T201 - shown with -s
        assert memory < 250
        assert member.end()[0] == 0, member.log.read_text()


def test_a_worker_that_is_told_to_end_gives_its_task_to_another_at_once(diarist: Fleet) -> None:
    standing = "SELECT state, attempts, crashes FROM tasks"
    ingestion = diarist.start("ingestion-api")
    leaving = diarist.start("transcription-worker", ENGINE__MODEL="speed=0.5")
    with ingestion.client() as client:
        location = upload(client)
        [(task, attempts), *_] = until(lambda: transcribing(diarist), leaving)
        assert attempts == 1
        leaving.process.send_signal(signal.SIGTERM)
        told = time.monotonic()
        until(lambda: ("queued", 0, 0) in diarist.query(f"{standing} WHERE id = '{task}'"))
        assert time.monotonic() - told < 3
        assert leaving.process.wait(30) == 0, leaving.log.read_text()
        diarist.start("transcription-worker")
        until(lambda: client.get(location).json()["stage"] == "compose")
    assert diarist.query(f"{standing} WHERE id = '{task}'") == [("succeeded", 1, 0)]


def test_a_cancelled_job_stops_its_engine_within_two_seconds(diarist: Fleet) -> None:
    ingestion = diarist.start("ingestion-api")
    worker = diarist.start("transcription-worker", ENGINE__MODEL=SLOW, QUEUE__RENEW="30", QUEUE__LEASE="90")
    with ingestion.client() as client:
        location = upload(client)
        [engine] = until(lambda: engines(worker.process.pid), worker)
        until(lambda: diarist.query("SELECT 1 FROM tasks WHERE stage = 'transcribe' AND state = 'running'"), worker)
        assert client.post(f"{location}/cancel").json()["state"] == "cancelled"
        told = time.monotonic()
        until(lambda: not engine.is_running() or engine.status() == psutil.STATUS_ZOMBIE)
        assert time.monotonic() - told < 2


def test_a_cancelled_job_stops_when_redis_is_away(diarist: Fleet) -> None:
    ingestion = diarist.start("ingestion-api")
    worker = diarist.start("transcription-worker", ENGINE__MODEL=SLOW)
    with ingestion.client() as client:
        location = upload(client)
        [engine] = until(lambda: engines(worker.process.pid), worker)
        until(lambda: diarist.query("SELECT 1 FROM tasks WHERE stage = 'transcribe' AND state = 'running'"), worker)
        diarist.redis.kill()
        began = time.monotonic()
        response = client.post(f"{location}/cancel")
        assert response.status_code == 200, (response.text, ingestion.log.read_text())
        assert time.monotonic() - began < 3
        until(lambda: not engine.is_running() or engine.status() == psutil.STATUS_ZOMBIE)


def test_redis_is_killed_and_comes_back_and_nothing_is_lost(diarist: Fleet) -> None:
    ingestion, worker = diarist.start("ingestion-api"), diarist.start("transcription-worker", ENGINE__MODEL="speed=40")
    diarist.start("llm-worker")
    with ingestion.client() as client:
        upload(client)
        until(lambda: transcribing(diarist), worker)
        diarist.redis.kill()
        until(lambda: "broker" in worker.ready().get("detail", ""), worker)
        # Recordings are taken in all the same, and it is told what is amiss.
        answer = ingestion.ready(public=True)
        assert (answer["status"], answer["degraded"][0].partition(":")[0]) == ("ready", "broker")
        location = str(
            client.post(
                "/v1/recordings", content=SAMPLE.read_bytes() + b"another", headers={"Content-Type": "audio/ogg"}
            ).headers["Location"]
        )
        diarist.redis.start()
        with diarist.redis.client() as redis:
            redis.flushall()
        until(lambda: client.get(location).json()["state"] == "succeeded", worker)
        until(lambda: worker.ready().get("status") == "ready", worker)
    assert diarist.query("SELECT DISTINCT state FROM jobs") == [("succeeded",)]
    assert diarist.query("SELECT max(crashes) FROM tasks") == [(0,)]


def test_an_api_is_not_ready_before_it_stops_answering(diarist: Fleet) -> None:
    status = diarist.start("job-status-api", HTTP__DRAIN_SECONDS="2")
    status.process.send_signal(signal.SIGTERM)
    assert "draining" in until(lambda: status.ready(public=True).get("detail"), status)
    assert "draining" in until(lambda: status.ready(public=False).get("detail"), status)
    with status.client() as client:
        assert client.get("/v1/jobs").status_code == 200
    assert status.process.wait(30) == 0, status.log.read_text()


def test_a_second_signal_ends_at_once(diarist: Fleet) -> None:
    status = diarist.start("job-status-api", HTTP__DRAIN_SECONDS="60")
    status.process.send_signal(signal.SIGTERM)
    until(lambda: status.ready().get("code") == "not_ready", status)
    assert status.end()[1] < 3


def test_what_is_missing_is_said_and_what_is_away_is_waited_for(diarist: Fleet, postgres: PostgresServer, tmp_path: Path) -> None:
    refused = diarist.begin("llm-worker", DATABASE__URL="", BROKER__URL="")
    assert refused.process.wait(30) != 0
    told = refused.log.read_text()
    assert "DIARIST_DATABASE__URL" in told
    assert "DIARIST_BROKER__URL" in told
    empty = postgres.create()
    try:
        waiting = diarist.begin("llm-worker", DATABASE__URL=empty)
        answer = until(lambda: waiting.ready().get("detail"), waiting)
        assert "migrations" in answer
        assert "service: it has not begun" in answer
        environment = {f"DIARIST_{name}": value for name, value in (diarist.environment() | {"DATABASE__URL": empty}).items()}
        subprocess.run(["diarist", "db", "upgrade"], check=True, capture_output=True, env={**environment, "PATH": PATH})
        until(lambda: waiting.ready().get("status") == "ready", waiting)
        assert waiting.end()[0] == 0
    finally:
        postgres.drop(empty)
