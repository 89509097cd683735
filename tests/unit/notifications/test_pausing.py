"""While a subscription is paused nothing is sent, and nothing is lost."""

from datetime import timedelta

import pytest

from benched_webhooks import Bench
from diarist.database.base import utc_now
from diarist.notifications import line, repository, service
from diarist.notifications.models import DeliveryState, PauseReason


async def test_what_happens_while_it_is_paused_is_sent_afterwards(bench: Bench) -> None:
    subscription = await bench.subscribe()
    await bench.happens()
    async with bench.runtime.database.write() as session:
        paused = await service.pause(session, bench.account_id, subscription.id)
    assert paused.pause_reason is PauseReason.ASKED
    bench.rung.clear()
    await bench.happens()
    assert not bench.rung
    await bench.sent()
    assert not bench.receiver.received
    assert [row.next_at for row in await bench.deliveries()] == [None, None]
    async with bench.runtime.database.write() as session:
        with pytest.raises(service.SubscriptionPaused):
            await service.send_test(session, bench.account_id, subscription.id)
        await service.resume(session, bench.account_id, subscription.id)
    await bench.sent()
    assert len(bench.receiver.received) == 2


async def test_a_receiver_that_is_gone_is_left_alone_and_the_others_are_told(bench: Bench) -> None:
    gone = await bench.subscribe("entry.created")
    bench.receiver.answers[:] = ["410"]
    await bench.happens()
    await bench.happens()
    told = await bench.subscribe("subscription.paused")
    await bench.sent()
    row = await bench.subscription(gone.id)
    assert row.pause_reason is PauseReason.GONE
    messages = [received.verified(told.secret) for received in bench.receiver.received if b"subscription.paused" in received.body]
    about = {"subscription_id": str(gone.id), "reason": "gone", "links": {"subscription": f"/v1/subscriptions/{gone.id}"}}
    assert [message["data"] for message in messages] == [about]
    bench.receiver.received.clear()
    async with bench.runtime.database.write() as session:
        await service.resume(session, bench.account_id, gone.id)
    await bench.sent()
    assert {row.state for row in await bench.deliveries()} == {DeliveryState.SUCCEEDED}


async def test_it_is_paused_after_days_in_which_nothing_succeeded(bench: Bench) -> None:
    subscription = await bench.subscribe()
    bench.receiver.answers[:] = ["500"]
    await bench.happens()
    await bench.sent()
    row = await bench.subscription(subscription.id)
    assert row.paused_at is None
    assert row.failing_since is not None
    await bench.change_subscription(subscription.id, failing_since=utc_now() - timedelta(days=4.9))
    bench.receiver.answers[:] = ["500"]
    await bench.later(10)
    await bench.sent()
    assert (await bench.subscription(subscription.id)).paused_at is None
    await bench.change_subscription(subscription.id, failing_since=utc_now() - timedelta(days=5.1))
    bench.receiver.answers[:] = ["500"]
    await bench.happens()
    await bench.sent()
    row = await bench.subscription(subscription.id)
    assert row.pause_reason is PauseReason.FAILING
    assert all(one.next_at is None for one in await bench.deliveries())


async def test_one_success_is_enough_to_go_on(bench: Bench) -> None:
    subscription = await bench.subscribe()
    await bench.change_subscription(subscription.id, failing_since=utc_now() - timedelta(days=50))
    await bench.happens()
    await bench.sent()
    assert (await bench.subscription(subscription.id)).failing_since is None


async def test_what_somebody_died_with_is_held_too(bench: Bench) -> None:
    subscription = await bench.subscribe()
    await bench.happens()
    assert await line.claim(bench.runtime.database, subscription.id, 25.0)
    async with bench.runtime.database.write() as session:
        await service.pause(session, bench.account_id, subscription.id)
    await bench.later(30)
    assert await line.claim(bench.runtime.database, subscription.id, 25.0) is None
    assert not await line.lines(bench.runtime.database, (), 10)
    async with bench.runtime.database.write() as session:
        await service.resume(session, bench.account_id, subscription.id)
    await bench.sent()
    assert len(bench.receiver.received) == 1


async def test_what_is_older_than_it_need_be_is_swept_away(bench: Bench) -> None:
    await bench.subscribe()
    await bench.happens()
    [row] = await bench.deliveries()
    async with bench.runtime.database.write() as session:
        assert await repository.sweep(session, row.created_at - timedelta(seconds=1)) == 0
        assert await repository.sweep(session, row.created_at + timedelta(seconds=1)) == 1
    assert not await bench.deliveries()


async def test_with_a_subscription_go_its_deliveries(bench: Bench) -> None:
    subscription = await bench.subscribe()
    await bench.happens()
    async with bench.runtime.database.write() as session:
        await service.remove(session, bench.account_id, subscription.id)
    await bench.happens()
    await bench.sent()
    assert not await bench.deliveries()
    assert not bench.receiver.received
