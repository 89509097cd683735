"""Webhooks by the command line, which sends by itself where nobody else is at work."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from command_line import SAMPLE, CommandLine
from webhook_receiver import Receiver, receiving_beside


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving_beside() as receiver:
        yield receiver


@pytest.fixture
def diary(tmp_path: Path, receiver: Receiver) -> CommandLine:
    return CommandLine(
        tmp_path,
        WEBHOOKS__ALLOW_HTTP="true",
        WEBHOOKS__PORTS=f"[{receiver.port}]",
        WEBHOOKS__PRIVATE_NETWORKS='["127.0.0.1/32"]',
    )


def test_an_address_is_subscribed_tested_and_sent_to_again(diary: CommandLine, receiver: Receiver) -> None:
    made = diary.call("webhooks", "add", receiver.url, "--event", "job.failed", "--label", "kitchen")
    secret = made.out.strip()
    assert secret.startswith("whsec_")
    assert "cannot be shown again" in made.err
    listed = diary.call("webhooks", "list", "--json")
    [subscription] = listed.json["subscriptions"]
    assert (subscription["url"], subscription["events"], subscription["label"]) == (receiver.url, ["job.failed"], "kitchen")
    assert secret not in listed.out
    end = subscription["id"][-6:]

    [delivery] = diary.call("webhooks", "test", end, "--json").json["deliveries"]
    assert (delivery["state"], delivery["tries"][0]["status"]) == ("succeeded", 204)
    assert receiver.received[0].verified(secret)["type"] == "subscription.test"
    receiver.answers[:] = ["500"]
    failed = diary.call("webhooks", "test", receiver.url)
    assert failed.status == 40
    assert "500" in failed.out

    [told] = diary.call("webhooks", "deliveries", end, "--failed", "--json").json["deliveries"]
    assert diary.call("webhooks", "replay", end, told["id"]).out.startswith("1 sent again")
    assert [received.id for received in receiver.received].count(told["event_id"]) == 2
    assert diary.call("webhooks", "replay", end, "--since", "2026-01-01", "--json").json == {"deliveries": 0}
    assert diary.call("webhooks", "replay", end).status == 2
    assert diary.call("webhooks", "replay", end, "abc").status == 10


def test_it_is_rotated_paused_resumed_and_removed(diary: CommandLine, receiver: Receiver) -> None:
    before = diary.call("webhooks", "add", receiver.url).out.strip()
    after = diary.call("webhooks", "rotate", receiver.url, "--overlap", "1").out.strip()
    assert after not in {"", before}
    assert "signs until" in diary.call("webhooks", "show", receiver.url).out
    assert "paused" in diary.call("webhooks", "pause", receiver.url).out
    assert diary.call("webhooks", "test", receiver.url).status == 21
    assert diary.call("webhooks", "resume", receiver.url, "--json").json["subscription"]["paused_at"] is None
    assert diary.call("webhooks", "test", receiver.url).status == 0
    for secret in (before, after):
        receiver.received[0].verified(secret)
    assert diary.call("webhooks", "remove", receiver.url).out == f"Removed {receiver.url}.\n"
    assert diary.call("webhooks", "show", receiver.url).status == 20
    assert diary.call("webhooks", "add", "https://10.0.0.1/").status == 10


@pytest.mark.slow
def test_what_comes_of_adding_a_recording_is_sent_before_the_command_ends(diary: CommandLine, receiver: Receiver) -> None:
    secret = diary.call("webhooks", "add", receiver.url).out.strip()
    assert diary.call("add", SAMPLE).status == 0
    kinds = [received.verified(secret)["type"] for received in receiver.received]
    assert sorted(kinds) == ["entry.created", "job.succeeded", "recording.received", "transcript.completed"]
