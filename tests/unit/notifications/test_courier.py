"""Events reach their subscribers at least once, signed, and a receiver that fails harms nobody else."""

import asyncio
import json
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from standardwebhooks.webhooks import WebhookVerificationError

from benched_webhooks import Bench
from diarist.accounts.service import add_account
from diarist.database.base import utc_now
from diarist.domain.events import EventKind
from diarist.failures.failure import FailureKind
from diarist.failures.repository import list_failures
from diarist.jobs.flow import Flow
from diarist.jobs.service import start_job
from diarist.notifications import line, service
from diarist.notifications.courier import LANES, Courier
from diarist.notifications.line import MARGIN
from diarist.notifications.models import DeliveryState
from diarist.notifications.sending import Answer, Sender
from diarist.recordings.models import RecordingRow
from diarist.settings.webhooks import WebhookSettings
from diarist.telemetry.tracing import part
from scraped import told
from webhook_receiver import receiving

JOB, RECORDING = UUID("019a0c5e-7a41-7f06-8d15-4f5a2b1f7c02"), UUID("019a0c5e-7a3f-71d2-9b0c-6a3f0f0b8e11")


async def test_what_happens_is_sent_thin_and_signed(bench: Bench) -> None:
    subscription = await bench.subscribe()
    await bench.happens(EventKind.ENTRY_CREATED, job_id=JOB, recording_id=RECORDING, data={"entry_id": str(JOB), "version": 1})
    await bench.sent()
    [received] = bench.receiver.received
    message = received.verified(subscription.secret)
    [delivery] = await bench.deliveries()
    assert received.id == str(delivery.event_id)
    assert received.headers["content-type"] == "application/json"
    assert message == {
        "type": "entry.created",
        "timestamp": delivery.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "data": {
            "job_id": str(JOB),
            "recording_id": str(RECORDING),
            "entry_id": str(JOB),
            "version": 1,
            "links": {
                "job": f"/v1/jobs/{JOB}", "recording": f"/v1/recordings/{RECORDING}", "entry": f"/v1/entries/{JOB}"
            },
        },
    }  # fmt: skip
    assert (delivery.state, delivery.next_at, delivery.tries[0]["status"]) == (DeliveryState.SUCCEEDED, None, 204)
    await bench.sent()
    figures = told(bench.runtime.metrics)
    assert figures.total("diarist_webhook_attempts_total", event="entry.created", outcome="2xx") == 1
    assert figures.total("diarist_webhook_delivery_age_seconds_count") == 1
    assert len(bench.receiver.received) == 1


async def test_what_was_rolled_back_is_not_sent(bench: Bench) -> None:
    await bench.subscribe()
    with pytest.raises(ZeroDivisionError):
        async with bench.runtime.database.write() as session:
            bench.append(session, EventKind.JOB_SUCCEEDED)
            raise ZeroDivisionError
    assert not await bench.deliveries()
    assert not bench.rung
    await bench.happens()
    assert bench.rung == ["delivery"]


async def test_a_job_that_fails_before_there_is_an_entry_is_told(bench: Bench, recording: RecordingRow) -> None:
    subscription = await bench.subscribe("job.failed")
    runtime = bench.runtime
    async with runtime.database.write() as session:
        job = await start_job(runtime, session, bench.account_id, recording.id)
    async with runtime.database.write() as session:
        await Flow(runtime).failed(session, job.id, "inspect", "no_audio_track", "None.")
    await bench.sent()
    [received] = bench.receiver.received
    message = received.verified(subscription.secret)
    assert (message["type"], message["data"]["code"], message["data"]["job_id"]) == ("job.failed", "no_audio_track", str(job.id))


async def test_each_subscription_is_sent_what_it_wants_of_its_own_account(bench: Bench) -> None:
    all_of_it, entries = await bench.subscribe(), await bench.subscribe("entry.created")
    async with bench.runtime.database.write() as session:
        zoe = await add_account(session, "zoe")
    await bench.happens(EventKind.JOB_SUCCEEDED)
    await bench.happens(EventKind.ENTRY_CREATED)
    await bench.happens(EventKind.ENTRY_CREATED, account_id=zoe.id)
    # In one transaction, as when a sweep parks the tasks of both.
    async with bench.runtime.database.write() as session:
        hers = await service.create_subscription(session, zoe.id, bench.receiver.url, ("job.failed",), "", most=20)
        bench.append(session, EventKind.JOB_CANCELLED)
        bench.append(session, EventKind.JOB_FAILED, account_id=zoe.id)
    found = [(row.subscription_id, row.kind) for row in await bench.deliveries()]
    assert sorted(found) == sorted(
        [
            *((all_of_it.id, "job.succeeded"), (all_of_it.id, "entry.created"), (entries.id, "entry.created")),
            *((all_of_it.id, "job.cancelled"), (hers.id, "job.failed")),
        ]
    )
    await bench.sent()
    # Of one event the id is the same for everybody.
    assert len(bench.receiver.received) == 5
    assert len({received.id for received in bench.receiver.received}) == 4


async def test_what_fails_is_sent_again_later_as_the_same_webhook(bench: Bench) -> None:
    subscription = await bench.subscribe()
    bench.receiver.answers[:] = ["503", "302\nLocation: /elsewhere"]
    await bench.happens()
    for seconds in (0, 3.9, 6, 239, 360):
        await bench.later(seconds)
        await bench.sent()
    assert len(bench.receiver.received) == 3
    assert len({(received.id, received.body) for received in bench.receiver.received}) == 1
    for received in bench.receiver.received:
        received.verified(subscription.secret)
    [delivery] = await bench.deliveries()
    assert [one["status"] for one in delivery.tries] == [503, 302, 204]
    assert delivery.state is DeliveryState.SUCCEEDED


async def test_a_receiver_says_itself_when_to_come_back(bench: Bench) -> None:
    await bench.subscribe()
    bench.receiver.answers[:] = ["429\nRetry-After: 3600"]
    await bench.happens()
    await bench.sent()
    await bench.later(3500)
    await bench.sent()
    assert len(bench.receiver.received) == 1
    await bench.later(101)
    await bench.sent()
    assert len(bench.receiver.received) == 2


async def test_what_has_failed_for_good_is_sent_when_somebody_asks_for_it(bench: Bench) -> None:
    subscription = await bench.subscribe()
    bench.receiver.answers[:] = ["500"] * 6
    begun = utc_now()
    for _ in range(2):
        await bench.happens()
    for _ in range(5):
        await bench.sent()
        await bench.later(1000)
    first, second = await bench.deliveries()
    assert {first.state, second.state} == {DeliveryState.FAILED}
    assert len(bench.receiver.received) == 6
    which = (bench.account_id, subscription.id)
    async with bench.runtime.database.write() as session:
        assert await service.replay_failed(session, *which, second.at + timedelta(microseconds=1)) == 0
        assert await service.replay_failed(session, *which, second.at) == 1
        assert (await service.replay_one(session, *which, first.id)).state is DeliveryState.WAITING
        assert await service.replay_failed(session, *which, begun) == 0
    await bench.sent()
    assert {received.id for received in bench.receiver.received[6:]} == {str(first.event_id), str(second.event_id)}
    assert [row.state for row in await bench.deliveries()] == [DeliveryState.SUCCEEDED] * 2


async def test_whoever_dies_with_a_webhook_in_hand_is_followed_by_somebody_who_sends_the_same(bench: Bench) -> None:
    subscription = await bench.subscribe()
    await bench.happens()
    database, settings = bench.runtime.database, bench.runtime.settings.webhooks
    held = await line.claim(database, subscription.id, settings.timeout + MARGIN)
    assert held is not None
    # It arrives, and nobody lives to write that down.
    answer = await Sender(settings).send(held.url, held.secrets, held.row.event_id, b"{}")
    await bench.sent()
    assert len(bench.receiver.received) == 1
    await bench.later(settings.timeout + MARGIN)
    await bench.sent()
    first, second = bench.receiver.received
    assert first.id == second.id
    async with database.write() as session:
        assert not await line.settle(session, bench.runtime.event_log, settings, held, answer)
    assert len((await bench.deliveries())[0].tries) == 1


async def test_a_slow_receiver_holds_nobody_else_up(bench: Bench) -> None:
    async with receiving() as slow:
        settings = bench.runtime.settings.webhooks.model_copy(update={"ports": [slow.port, bench.receiver.port], "timeout": 30.0})
        courier = Courier(bench.runtime, Sender(settings))
        slow.held = asyncio.Event()
        await bench.subscribe(url=slow.url)
        await bench.subscribe()
        for _ in range(3 * LANES):
            await bench.happens()
        draining = asyncio.create_task(courier.drain(60))
        await bench.until(lambda: len(bench.receiver.received) == 3 * LANES and len(slow.received) == LANES)
        slow.held.set()
        await draining
        assert len(slow.received) == 3 * LANES


async def test_what_is_in_hand_at_the_end_is_given_back(bench: Bench) -> None:
    await bench.subscribe()
    bench.receiver.held = asyncio.Event()
    await bench.happens()
    async with Courier.open(bench.runtime, last=0.0) as courier:
        courier.wake()
        await bench.until(lambda: bool(bench.receiver.received))
    [delivery] = await bench.deliveries()
    assert (delivery.state, delivery.token, delivery.tried) == (DeliveryState.WAITING, None, 0)
    bench.receiver.held = None
    await bench.sent()
    assert bench.receiver.received[0].id == bench.receiver.received[1].id


async def test_it_looks_by_itself_and_sends_what_comes_last(bench: Bench) -> None:
    await bench.subscribe()
    async with Courier.open(bench.runtime):
        await bench.happens()
        await bench.until(lambda: len(bench.receiver.received) == 1)
        await bench.happens()
    assert len(bench.receiver.received) == 2


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "169.254.169.254"])
async def test_nothing_is_sent_where_nothing_may_be_sent(bench: Bench, host: str) -> None:
    """Not even when the address was fine as it was given: names change what they stand for, and settings change."""
    port = bench.receiver.port
    await bench.subscribe(url=f"http://{host}:{port}/hook")
    await bench.happens()
    await Courier(bench.runtime, Sender(WebhookSettings(allow_http=True, ports=[port]))).drain(20)
    assert not bench.receiver.received
    [delivery] = await bench.deliveries()
    [tried] = delivery.tries
    assert tried["status"] is None
    assert "may not be" in tried["error"] or "address" in tried["error"]


async def test_a_name_is_asked_once_and_what_it_gives_is_what_is_connected_to(bench: Bench) -> None:
    asked: list[str] = []

    async def rebinding(name: str, _port: int) -> list[str]:
        asked.append(name)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    await bench.subscribe(url=f"http://rebinding.invalid:{bench.receiver.port}/hook")
    await bench.happens()
    await Courier(bench.runtime, Sender(bench.runtime.settings.webhooks, resolver=rebinding)).drain(20)
    assert asked == ["rebinding.invalid"]
    assert bench.receiver.received[0].headers["host"] == f"rebinding.invalid:{bench.receiver.port}"


async def test_nobody_waits_longer_than_the_time_limit(bench: Bench) -> None:
    await bench.subscribe()
    bench.receiver.held = asyncio.Event()
    await bench.happens()
    await Courier(bench.runtime, Sender(bench.receiver.settings(timeout=1.0))).drain(20)
    [delivery] = await bench.deliveries()
    assert (delivery.tries[0]["error"], delivery.state) == ("it took longer than 1 s", DeliveryState.WAITING)


async def test_a_webhook_belongs_to_the_trace_of_what_it_tells_of(bench: Bench) -> None:
    await bench.subscribe()
    with part("asked") as span:
        await bench.happens()
    await bench.sent()
    assert span.traceparent is not None
    assert bench.receiver.received[0].headers["traceparent"].split("-")[1] == span.traceparent.trace_id


async def test_for_a_day_after_a_rotation_both_secrets_sign(bench: Bench) -> None:
    before = await bench.subscribe()
    async with bench.runtime.database.write() as session:
        after = await service.rotate_secret(session, bench.account_id, before.id, timedelta(days=1))
    await bench.happens()
    await bench.sent()
    for secret in (before.secret, after.secret):
        bench.receiver.received[0].verified(secret)
    await bench.change_subscription(after.id, previous_until=utc_now() - timedelta(seconds=1))
    await bench.happens()
    await bench.sent()
    bench.receiver.received[1].verified(after.secret)
    with pytest.raises(WebhookVerificationError):
        bench.receiver.received[1].verified(before.secret)


async def test_a_secret_that_others_know_signs_no_more_at_once(bench: Bench) -> None:
    before = await bench.subscribe()
    async with bench.runtime.database.write() as session:
        await service.rotate_secret(session, bench.account_id, before.id, timedelta())
    await bench.happens()
    await bench.sent()
    with pytest.raises(WebhookVerificationError):
        bench.receiver.received[0].verified(before.secret)


async def test_a_test_is_sent_once_and_says_what_it_is(bench: Bench) -> None:
    subscription = await bench.subscribe("job.failed")
    bench.receiver.answers[:] = ["500"]
    async with bench.runtime.database.write() as session:
        await service.send_test(session, bench.account_id, subscription.id)
    for _ in range(3):
        await bench.sent()
        await bench.later(1000)
    [received] = bench.receiver.received
    assert json.loads(received.body)["type"] == "subscription.test"
    assert (await bench.deliveries())[0].state is DeliveryState.FAILED
    assert (await bench.subscription(subscription.id)).failing_since is None


class Crashing(Sender):
    """Has a bug."""

    async def send(self, url: str, keys: Sequence[str], message_id: UUID, body: bytes) -> Answer:
        raise KeyError("what anna said")


async def test_what_goes_wrong_while_sending_is_counted(bench: Bench) -> None:
    await bench.subscribe()
    await bench.happens()
    await Courier(bench.runtime, Crashing(bench.runtime.settings.webhooks)).drain(20)
    await bench.runtime.failures.settled()
    async with bench.runtime.database.read() as session:
        (row,) = await list_failures(session, None, 10)
    assert (row.kind, row.place, row.type) == (FailureKind.WEBHOOK, "lane", "KeyError")
    assert row.frames[-1]["function"] == "Courier._deliver"
