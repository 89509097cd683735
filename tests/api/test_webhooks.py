"""Subscriptions over HTTP, and what arrives at a receiver."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from access_keys import bearing, new_key
from diarist.domain.access import Permission
from diarist.notifications.described import example
from diarist.notifications.kinds import KINDS, TEST
from diarist.settings import Settings
from served import change, worked_for
from waiting import until
from webhook_receiver import Receiver, receiving_beside

SAMPLE = Path(__file__).parents[2] / "samples" / "tuesday_evening.opus"
PATH = "/v1/subscriptions"


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with receiving_beside() as receiver:
        yield receiver


@pytest.fixture(scope="module")
def sending_settings(lasting_settings: Settings, receiver: Receiver) -> Settings:
    return lasting_settings.model_copy(update={"webhooks": receiver.settings(max_subscriptions=4)})


@pytest.fixture(scope="module")
def sending(sending_settings: Settings) -> Iterator[httpx.Client]:
    """Of a server with workers that may send to the receiver."""
    with worked_for(sending_settings) as client:
        yield client


@pytest.fixture
def subscribed(sending: httpx.Client, receiver: Receiver) -> Iterator[dict[str, Any]]:
    """A subscription to everything, with its secret; nothing was sent yet."""
    receiver.received.clear()
    receiver.answers.clear()
    made = sending.post(PATH, json={"url": receiver.url, "label": "kitchen"})
    assert made.status_code == 201, made.text
    yield made.json()
    sending.delete(f"{PATH}/{made.json()['id']}")


def sent_test(client: httpx.Client, subscription: dict[str, Any], **to_be: Any) -> dict[str, Any]:
    """The delivery of a test event, once it was tried."""
    path = f"{PATH}/{subscription['id']}"
    begun = client.post(f"{path}/test")
    assert begun.status_code == 202
    delivery: dict[str, Any] = until(
        lambda: (found := client.get(f"{path}/deliveries/{begun.json()['id']}").json())["state"] != "waiting" and found
    )
    return delivery


def test_what_comes_of_a_recording_arrives_signed(
    sending: httpx.Client, subscribed: dict[str, Any], receiver: Receiver
) -> None:  # fmt: skip
    with SAMPLE.open("rb") as memo:
        given = sending.post("/v1/recordings", files={"file": memo})
    kinds = ("recording.received", "transcript.completed", "entry.created", "job.succeeded")
    until(lambda: len(receiver.received) == len(kinds))
    messages = {(one := received.verified(subscribed["secret"]))["type"]: one for received in receiver.received}
    assert set(messages) == set(kinds)
    for message in messages.values():
        assert message["data"]["recording_id"] == given.json()["id"]
        assert sending.get(message["data"]["links"]["job"]).json()["id"] == message["data"]["job_id"]
    entry = sending.get(messages["entry.created"]["data"]["links"]["entry"]).json()
    assert sending.get(messages["transcript.completed"]["data"]["links"]["transcript"]).status_code == 200
    said = [sentence["text"] for sentence in entry["sentences"]]
    assert said
    assert not [text for text in said for received in receiver.received if text.encode() in received.body]


def test_a_test_tells_what_the_receiver_answered(sending: httpx.Client, subscribed: dict[str, Any], receiver: Receiver) -> None:
    delivery = sent_test(sending, subscribed)
    [tried] = delivery["tries"]
    assert (delivery["state"], delivery["type"], tried["status"], tried["error"]) == ("succeeded", TEST, 204, None)
    [received] = receiver.received
    assert received.id == delivery["event_id"]
    assert received.verified(subscribed["secret"])["data"]["subscription_id"] == subscribed["id"]
    receiver.answers[:] = ["500"]
    assert sent_test(sending, subscribed)["state"] == "failed"


def test_deliveries_are_listed_by_pages_and_by_state(
    sending: httpx.Client, subscribed: dict[str, Any], receiver: Receiver
) -> None:  # fmt: skip
    receiver.answers[:] = ["204", "500", "204"]
    ids = [sent_test(sending, subscribed)["id"] for _ in range(3)]
    path, found, cursor = f"{PATH}/{subscribed['id']}/deliveries", [], None
    while True:
        page = sending.get(path, params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        found += [item["id"] for item in page["items"]]
        if (cursor := page["next_cursor"]) is None:
            break
    assert found == ids[::-1]
    assert [item["id"] for item in sending.get(path, params={"state": "failed"}).json()["items"]] == [ids[1]]
    assert sending.get(path, params={"state": "gone"}).status_code == 422


def test_one_is_sent_again_and_so_is_all_that_failed(
    sending: httpx.Client, sending_settings: Settings, subscribed: dict[str, Any], receiver: Receiver
) -> None:
    path = f"{PATH}/{subscribed['id']}"
    first = sent_test(sending, subscribed)
    again = sending.post(f"{path}/deliveries/{first['id']}/replay")
    assert (again.status_code, again.json()["state"]) == (202, "waiting")
    until(lambda: len(receiver.received) == 2)
    assert {received.id for received in receiver.received} == {first["event_id"]}
    until(lambda: sending.get(f"{path}/deliveries/{first['id']}").json()["state"] == "succeeded")
    # As it stands after three days.
    change(sending_settings, "UPDATE deliveries SET state = 'failed', kind = 'job.failed'")
    now = datetime.now(UTC)
    for since, number in ((now, 0), (now - timedelta(hours=1), 1)):
        asked = sending.post(f"{path}/replay", json={"since": since.isoformat()})
        assert (asked.status_code, asked.json()) == (202, {"deliveries": number})
    until(lambda: len(receiver.received) == 3)
    for wrong in ("2026-11-03T10:00:00", "2026-11-03", "1793733668", 1793733668, "2026-11-03T25:00:00Z", None):
        assert sending.post(f"{path}/replay", json={"since": wrong}).status_code == 422, wrong


def test_a_rotated_secret_is_shown_once(sending: httpx.Client, subscribed: dict[str, Any], receiver: Receiver) -> None:
    path = f"{PATH}/{subscribed['id']}"
    rotated = sending.post(f"{path}/rotate").json()
    assert rotated["secret"] != subscribed["secret"]
    assert rotated["previous_secret_until"] is not None
    sent_test(sending, subscribed)
    for secret in (subscribed["secret"], rotated["secret"]):
        receiver.received[0].verified(secret)
    assert sending.post(f"{path}/rotate", json={"overlap_hours": 0}).json()["previous_secret_until"] is None
    for seen in (
        sending.get(path),
        sending.get(PATH),
        sending.post(f"{path}/pause"),
        sending.patch(path, json={"label": "hall"}),
    ):
        assert seen.status_code == 200
        assert "whsec_" not in seen.text


def test_whoever_changes_what_was_changed_meanwhile_is_refused(sending: httpx.Client, subscribed: dict[str, Any]) -> None:
    path = f"{PATH}/{subscribed['id']}"
    seen = {"If-Match": sending.get(path).headers["ETag"]}
    sending.post(f"{path}/pause")
    assert sending.patch(path, json={"label": "hall"}, headers=seen).status_code == 200
    for refused in (sending.patch(path, json={"label": "attic"}, headers=seen), sending.delete(path, headers=seen)):
        assert refused.status_code == 412
    assert sending.get(path).json()["label"] == "hall"


def test_it_is_changed_paused_resumed_and_removed(sending: httpx.Client, subscribed: dict[str, Any], receiver: Receiver) -> None:
    path = f"{PATH}/{subscribed['id']}"
    changed = sending.patch(path, json={"events": ["job.failed", "entry.created", "job.failed"], "label": " hall "}).json()
    assert (changed["events"], changed["label"], changed["url"]) == (["entry.created", "job.failed"], "hall", receiver.url)
    for _ in range(2):
        assert sending.post(f"{path}/pause").json()["pause_reason"] == "asked"
    refused = sending.post(f"{path}/test")
    assert (refused.status_code, refused.json()["code"]) == (409, "subscription_paused")
    for _ in range(2):
        assert sending.post(f"{path}/resume").json()["paused_at"] is None
    assert sent_test(sending, subscribed)["state"] == "succeeded"
    assert sending.delete(path).status_code == 204
    for gone in (sending.get(path), sending.delete(path), sending.get(f"{path}/deliveries"), sending.post(f"{path}/test")):
        assert (gone.status_code, gone.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    "url",
    [
        *("http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://[::1]/", "http://127.0.0.1:22/"),
        *("https://user:password@example.org/", "ftp://example.org/", "file:///etc/passwd", "example.org", "http://"),
    ],
)
def test_what_must_not_be_sent_to_is_refused(sending: httpx.Client, subscribed: dict[str, Any], url: str) -> None:
    for answer in (
        sending.post(PATH, json={"url": url}),
        sending.patch(f"{PATH}/{subscribed['id']}", json={"url": url}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (422, "receiver_refused"), url
    assert sending.get(f"{PATH}/{subscribed['id']}").json()["url"] == subscribed["url"]


def test_no_more_than_a_few_and_only_what_there_is(sending: httpx.Client, subscribed: dict[str, Any], receiver: Receiver) -> None:
    made = [sending.post(PATH, json={"url": receiver.url}) for _ in range(4)]
    assert [answer.status_code for answer in made] == [201, 201, 201, 409]
    assert made[-1].json()["code"] == "too_many_subscriptions"
    for answer in made[:3]:
        sending.delete(f"{PATH}/{answer.json()['id']}")
    for wrong in ({"events": ["entry.eaten"]}, {"label": "a\nb"}, {"label": "a" * 81}, {"secret": "whsec_"}):
        assert sending.post(PATH, json={"url": receiver.url, **wrong}).status_code == 422, wrong


def test_only_those_who_manage_an_account_see_where_it_is_told_of(
    sending: httpx.Client, sending_settings: Settings, subscribed: dict[str, Any]
) -> None:
    others = bearing(new_key(sending_settings.database_url, Permission.READ, Permission.ADD, Permission.EDIT))
    assert sending.get(PATH, headers=others).status_code == 403
    assert sending.get(PATH, headers=bearing(new_key(sending_settings.database_url, Permission.MANAGE))).status_code == 200


def test_what_is_sent_is_described_with_examples(lasting_client: httpx.Client) -> None:
    described = lasting_client.get("/openapi.json").json()
    assert set(described["webhooks"]) == {*KINDS, TEST}
    for kind, methods in described["webhooks"].items():
        operation = methods["post"]
        assert {one["name"] for one in operation["parameters"]} == {"webhook-id", "webhook-timestamp", "webhook-signature"}
        content = operation["requestBody"]["content"]["application/json"]
        message = content["examples"]["one"]["value"]
        assert message["type"] == kind
        schema = {**content["schema"], "components": described["components"]}
        Draft202012Validator(schema).validate(message)
        assert len(example(kind)) < 20_000
        assert "422" not in operation["responses"]
