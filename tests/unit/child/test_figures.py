"""What children count reaches whoever counts for their parent."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families as read

from diarist import errors
from diarist.child.process import ChildProcess
from diarist.telemetry.metrics import Metrics
from diarist.telemetry.metrics.exposition import scrape
from diarist.telemetry.processor import Meter, metering
from waiting import until


@pytest.fixture
def metrics() -> Metrics:
    return Metrics.open()


@pytest.fixture
def heard() -> list[tuple[str, Mapping[str, float]]]:
    return []


@pytest.fixture
async def child(
    metrics: Metrics, heard: list[tuple[str, Mapping[str, float]]], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[ChildProcess]:
    paths = (str(Path(__file__).parent), os.environ.get("PYTHONPATH", ""))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path for path in paths if path))
    watch = metrics.children.watch("tested", lambda about, name, figures: heard.append((name, figures)))
    made = ChildProcess("child_handlers:open_handler", {}, name="the test child", watch=watch)
    yield made
    await made.close()


def told(metrics: Metrics, name: str, **labels: str) -> float:
    text, _ = scrape(metrics.catalogue, "")
    samples = [sample for family in read(text.decode()) for sample in family.samples]
    return sum(sample.value for sample in samples if sample.name == name and labels.items() <= sample.labels.items())


def told_by_reason(metrics: Metrics) -> dict[str, float]:
    samples = [sample for family in read(scrape(metrics.catalogue, "")[0].decode()) for sample in family.samples]
    return {sample.labels["reason"]: sample.value for sample in samples if sample.name == "diarist_child_ends_total"}


async def ask(child: ChildProcess, method: str, **params: object) -> None:
    async for _ in child.call(method, params):
        pass


async def test_each_answer_brings_what_was_noted_and_what_it_took(
    child: ChildProcess, metrics: Metrics, heard: list[tuple[str, Mapping[str, float]]]
) -> None:
    await ask(child, "note", seconds=1.5)
    assert heard == [("slept", {"seconds": 1.5})]
    first = told(metrics, "diarist_child_cpu_seconds_total", child="tested")
    assert first > 0
    await ask(child, "work", seconds=0.2)
    assert told(metrics, "diarist_child_cpu_seconds_total", child="tested") >= first + 0.15
    assert heard == [("slept", {"seconds": 1.5})]


async def test_an_answer_that_fails_brings_them_too(child: ChildProcess, heard: list[tuple[str, Mapping[str, float]]]) -> None:
    with pytest.raises(errors.EngineFailed):
        await ask(child, "note", seconds=1.5, fail=True)
    assert heard == [("slept", {"seconds": 1.5})]


async def test_what_a_call_takes_is_on_the_meter_of_whoever_called(child: ChildProcess, metrics: Metrics) -> None:
    first, second = Meter(), Meter(cpu_seconds=100.0)
    with metering(first):
        await ask(child, "work", seconds=0.1)
        await ask(child, "cards", seconds=2.0)
    with metering(second):
        await asyncio.create_task(ask(child, "cards", seconds=0.5))
    assert first.cpu_seconds >= 0.1
    assert first.gpu_seconds == 2.0
    assert second.cpu_seconds >= 100.0
    assert second.gpu_seconds == 0.5
    counted = told(metrics, "diarist_child_cpu_seconds_total", child="tested")
    assert first.cpu_seconds + second.cpu_seconds - 100.0 == pytest.approx(counted)
    assert told(metrics, "diarist_child_gpu_seconds_total", child="tested") == 2.5


async def test_memory_is_that_of_the_children_there_are(child: ChildProcess, metrics: Metrics) -> None:
    await ask(child, "echo")
    assert told(metrics, "diarist_child_running", child="tested") == 1
    assert told(metrics, "diarist_child_resident_memory_bytes", child="tested") > 5_000_000
    await child.rest()
    assert told(metrics, "diarist_child_running", child="tested") == 0
    assert told(metrics, "diarist_child_resident_memory_bytes", child="tested") == 0
    assert told(metrics, "diarist_child_ends_total", child="tested", reason="rested") == 1


async def test_the_first_death_is_seen_to_be_one_more_than_none(child: ChildProcess, metrics: Metrics) -> None:
    before = told_by_reason(metrics)
    assert (before["died"], before["hung"], before["memory"]) == (0, 0, 0)
    with pytest.raises(errors.ChildDied):
        await ask(child, "signal", signal=int(signal.SIGKILL))
    assert told_by_reason(metrics) == before | {"died": 1}


async def test_every_end_has_a_reason_and_a_new_start_counts(child: ChildProcess, metrics: Metrics) -> None:
    with pytest.raises(errors.ChildDied):
        await ask(child, "signal", signal=int(signal.SIGKILL))
    with pytest.raises(errors.ChildDied):
        async for _ in child.call("sleep", {}, patience=0.2):
            pass
    await ask(child, "echo")
    await child.stop(child.pid or 0, errors.MemoryExceeded("too much"))
    asking = asyncio.create_task(ask(child, "sleep"))
    await asyncio.to_thread(until, lambda: child.pid)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    assert told(metrics, "diarist_child_starts_total", child="tested") == 4
    for reason in ("died", "hung", "memory", "cancelled"):
        assert told(metrics, "diarist_child_ends_total", child="tested", reason=reason) == 1, reason
