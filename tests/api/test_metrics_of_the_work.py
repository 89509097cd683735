"""What a scrape says of recordings on their way, of those who work on them, and of what is left to do."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from diarist.queue.broker import GROUPS
from diarist.services.embedded_workers import embedded_workers
from diarist.settings import Settings
from diarist.telemetry.metrics import Metrics
from diarist.wiring import prepare
from scraped import Scrape, private_address, scraped
from served import served, worked_for
from waiting import until

SAMPLE = Path(__file__).parents[2] / "samples" / "tuesday_evening.opus"
CANARY = "canary"


@pytest.fixture
def metrics() -> Metrics:
    return Metrics.open("standalone")


@pytest.fixture
def private(settings: Settings, metrics: Metrics) -> Iterator[str]:
    asyncio.run(prepare(settings))
    with private_address(settings, metrics) as address:
        yield address


def give(client: httpx.Client, sound: bytes, number: int) -> str:
    """Each `number` is another recording of the same sound."""
    answer = client.post("/v1/recordings", files={"file": (f"{CANARY}-{number}.wav", sound + bytes([number]))})
    assert answer.status_code == 202, answer.text
    location: str = answer.headers["Location"]
    return location


def worked_off(client: httpx.Client, private: str, number: int) -> Scrape:
    job = give(client, SAMPLE.read_bytes(), number)
    until(lambda: client.get(job).json()["state"] == "succeeded", patience=120)
    until(lambda: scraped(private).total("diarist_tasks_running") == 0)
    return scraped(private)


def test_one_scrape_tells_of_all_that_was_done_and_nothing_of_whose_it_is(
    settings: Settings, metrics: Metrics, private: str
) -> None:
    with worked_for(settings, metrics=metrics) as client:
        found = worked_off(client, private, 0)
        for stage in ("inspect", "plan", "transcribe", "merge", "compose"):
            assert found.total("diarist_task_duration_seconds_count", stage=stage, outcome="succeeded") >= 1, stage
        assert found.total("diarist_recordings_total") == 1
        assert found.total("diarist_entries_total") == 1
        assert found.total("diarist_jobs_finished_total", outcome="succeeded") == 1
        assert found.total("diarist_transcript_wait_per_audio_minute_seconds_count", priority="normal") == 1
        assert found.total("diarist_entry_wait_seconds_count", priority="normal") == 1
        assert {one.labels["check"]: one.value for one in found.find("diarist_check_passing")} == {
            "database": 1, "migrations": 1, "storage": 1,
        }  # fmt: skip
        assert found.total("diarist_coverage_seconds_total") > 30
        assert found.total("diarist_uploads_total", protocol="multipart", outcome="accepted") == 1
        assert found.total("diarist_upload_bytes_total", protocol="multipart") > 10_000
        # What the child that heard it has told.
        assert found.total("diarist_engine_speech_seconds_total", engine="scripted") > 0
        assert found.total("diarist_engine_real_time_factor_ratio_count", engine="scripted") >= 1
        assert found.total("diarist_engine_model_load_duration_seconds_count", engine="scripted") == 1
        assert found.total("diarist_child_cpu_seconds_total", child="engine") > 0
        assert found.total("diarist_child_resident_memory_bytes", child="engine") > 1_000_000
        # And what was below all of it.
        assert found.total("diarist_blob_written_bytes_total") > 10_000
        assert found.total("diarist_database_statement_duration_seconds_count", operation="insert") > 3
        assert found.total("diarist_database_connections_in_use", server="primary") >= 0
        assert found.total("diarist_event_loop_lag_seconds_count", loop="workers") > 0
        # One process tells what the database knows.
        assert found.total("diarist_reporting") == 1
        assert found.total("diarist_queue_depth") == 0
        assert len(found.find("diarist_queue_depth")) == 3 * sum(len(group.queues) for group in GROUPS)

        before = {(one.name, *sorted(one.labels.items())) for one in found.samples}
        for number in range(1, 4):
            found = worked_off(client, private, number)
        new = {(one.name, *sorted(one.labels.items())) for one in found.samples} - before
        # Polling for the end of the second recording may have been answered by other routes; what was done adds nothing.
        assert not [one for one in new if "http" not in one[0] and "database" not in one[0]], new

        assert CANARY not in found.text
        account = client.get("/v1/recordings").json()["items"][0]["id"]
        assert account not in found.text
        assert str(settings.data_dir) not in found.text
        values = {value for one in found.samples for value in one.labels.values()}
        assert not [value for value in values if re.search(r"[0-9a-f]{8}-?[0-9a-f]{4}-?7", value)]


def test_what_is_left_to_do_is_told_in_seconds_of_audio(settings: Settings, metrics: Metrics, private: str, memo: Path) -> None:
    with served(settings, metrics=metrics) as client:
        give(client, memo.read_bytes(), 0)
        give(client, memo.read_bytes(), 1)
        found = scraped(private)
        assert found.total("diarist_queue_depth", queue="audio", priority="normal") == 2
        assert found.total("diarist_queue_backlog_audio_seconds", queue="audio") == pytest.approx(4, abs=0.1)
        assert 0 <= found.total("diarist_queue_oldest_age_seconds", queue="audio", priority="normal") < 60
        assert found.total("diarist_last_day_recordings") == 2
        assert found.total("diarist_active_accounts") == 1


def test_what_may_befall_tasks_is_counted_from_none_on(settings: Settings, metrics: Metrics, private: str) -> None:
    asyncio.run(prepare(settings))
    with embedded_workers(settings, metrics=metrics):
        found = until(lambda: (seen := scraped(private)).find("diarist_queue_lease_expiries_total") and seen)
    queues = {queue for group in GROUPS for queue in group.queues}
    for name in ("lease_expiries", "retries", "parkings"):
        counted = found.find(f"diarist_queue_{name}_total")
        assert {one.labels["queue"] for one in counted} == queues
        assert {one.value for one in counted} == {0}
