"""What belongs to one account is not there for another: on every route that is described, whoever wrote it."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Network
from pathlib import Path

import httpx
import pytest

from access_keys import bearing, new_key
from described_requests import Operation, operations
from diarist.accounts.service import account_id
from diarist.database.base import new_id, utc_now
from diarist.database.session import Database
from diarist.errors import ChildDied
from diarist.failures.failure import Context, FailureKind, failure_of
from diarist.failures.repository import Group, list_failures, write_groups
from diarist.llm.models import ReceiptRow
from diarist.settings import HttpSettings, Settings
from diarist.settings.webhooks import WebhookSettings
from served import worked_for
from tus_wire import begin
from waiting import until

SAMPLE = Path(__file__).parents[2] / "samples" / "tuesday_evening.opus"
NOT_BY_AN_ID = {"GET /v1/days/{day}", "GET /v1/models/{model}"}
"""What is there for everybody, with what is theirs in it."""


@dataclass(frozen=True, slots=True)
class TwoAccounts:
    """Anna has one of everything; Zoe has nothing but a key."""

    client: httpx.Client
    anna: Mapping[str, str]
    zoe: Mapping[str, str]
    """What each of them shows."""
    values: Mapping[str, str]
    """Anna's, by the names of parameters."""

    def ask(self, operation: Operation, who: Mapping[str, str]) -> httpx.Response:
        """Send it, with what is Anna's; of an answer that has no end only its beginning is read."""
        with opened(self.client, operation.request(self.client, self.values, who)) as answer:
            if not answer.headers.get("content-type", "").startswith("text/event-stream"):
                answer.read()
            return answer


@contextmanager
def opened(client: httpx.Client, request: httpx.Request) -> Iterator[httpx.Response]:
    answer = client.send(request, stream=True)
    try:
        yield answer
    finally:
        answer.close()


@pytest.fixture(scope="module")
def accounts(lasting_settings: Settings) -> Iterator[TwoAccounts]:
    # A subscription to whoever listens at this machine; nobody does.
    webhooks = WebhookSettings(allow_http=True, ports=[9], private_networks=[IPv4Network("127.0.0.1/32")])
    settings = lasting_settings.model_copy(update={"http": HttpSettings(require_key=True), "webhooks": webhooks})
    with worked_for(settings) as client:
        anna, zoe = (bearing(new_key(settings.database_url, account=name)) for name in ("anna", "zoe"))
        made = {"receipt_id": asyncio.run(receipt_of(settings, "anna")), "error_id": asyncio.run(error_of(settings, "anna"))}
        yield TwoAccounts(client, anna, zoe, {**made, **one_of_everything(client, anna)})


async def receipt_of(settings: Settings, account: str) -> str:
    """That of a question that was put to no language model."""
    database = Database.open(settings.database_url)
    try:
        async with database.write() as session:
            owner = await account_id(session, account)
            row = ReceiptRow(
                id=new_id(), account_id=owner, purpose="test", prompt_version="1", state="failed", text_sha256="0" * 64,
                masked={}, hops=[],
            )  # fmt: skip
            session.add(row)
        return str(row.id)
    finally:
        await database.close()


async def error_of(settings: Settings, account: str) -> str:
    """One that its account has met."""
    database = Database.open(settings.database_url)
    try:
        async with database.write() as session:
            owner = await account_id(session, account)
            failure = failure_of(ChildDied(), FailureKind.TASK, Context(place="transcribe", account_id=owner), utc_now())
            await write_groups(session, [Group(owner, failure.at, failure)])
            return str((await list_failures(session, owner, 1))[0].id)
    finally:
        await database.close()


def one_of_everything(client: httpx.Client, headers: Mapping[str, str]) -> dict[str, str]:
    """Made by somebody, by the names of parameters; whoever adds a parameter to a path adds here how to get one."""
    with SAMPLE.open("rb") as memo:
        given = client.post("/v1/recordings", files={"file": memo}, headers=headers)
    location = given.headers["Location"]
    until(lambda: client.get(location, headers=headers).json()["state"] == "succeeded")
    recording = given.json()["id"]
    upload = client.post("/v1/tus", headers={**headers, "Tus-Resumable": "1.0.0", "Upload-Length": "10"}).headers["Location"]
    subscription = client.post("/v1/subscriptions", json={"url": "http://127.0.0.1:9/"}, headers=headers).json()["id"]
    key = client.post("/v1/keys", json={"name": "phone", "scopes": ["read"]}, headers=headers).json()
    wanted = {"bytes": 10, "filename": "memo.wav", "mime_type": "audio/wav", "purpose": "transcription"}
    in_parts = client.post("/v1/uploads", json=wanted, headers=headers).json()
    [entry] = client.get("/v1/entries", headers=headers).json()["items"]
    return {
        "recording_id": recording,
        "job_id": location.rpartition("/")[2],
        "task_id": client.get(f"{location}/tasks", headers=headers).json()[0]["id"],
        "entry_id": entry["id"],
        "upload_id": upload.rpartition("/")[2],
        "/v1/uploads upload_id": in_parts["id"],
        "model": client.get("/v1/models", headers=headers).json()["data"][0]["id"],
        "key_id": key["id"],
        "subscription_id": subscription,
        "delivery_id": client.post(f"/v1/subscriptions/{subscription}/test", headers=headers).json()["id"],
        "user_id": client.post("/v1/users", json={"email": "a@b.org", "role": "viewer"}, headers=headers).json()["id"],
        "day": given.json()["created_at"][:10],
        "seconds": "1",
        "Tus-Resumable": "1.0.0",
    }


def named(accounts: TwoAccounts) -> list[Operation]:
    """Operations on something that a path names."""
    found = [operation for operation in operations(accounts.client) if operation.parameters]
    unknown = {name for operation in found for name in operation.parameters} - accounts.values.keys()
    assert not unknown, f"say in `one_of_everything` how to get {unknown}"
    return found


def test_what_is_anothers_is_not_there(accounts: TwoAccounts) -> None:
    found = {operation.name: accounts.ask(operation, accounts.zoe) for operation in named(accounts)}
    assert len(found) > 15
    there = {
        name: (answer.status_code, answer.headers.get("content-type"))
        for name, answer in found.items()
        if answer.status_code != 404
    }
    assert not there.keys() - NOT_BY_AN_ID, there
    assert not [name for name in there if accounts.values["recording_id"] in found[name].text]


def test_it_is_there_for_whose_it_is(accounts: TwoAccounts) -> None:
    """Or else the test before would prove nothing."""
    reading = [operation for operation in named(accounts) if operation.method in {"GET", "HEAD"}]
    found = {operation.name: accounts.ask(operation, accounts.anna).status_code for operation in reading}
    assert not {name: status for name, status in found.items() if status not in {200, 307}}


def test_no_list_shows_what_is_anothers(accounts: TwoAccounts) -> None:
    lists = [
        one
        for one in operations(accounts.client)
        if one.method == "GET" and not one.parameters and one.described["security"] and not _asks_for_more(one)
    ]
    assert len(lists) > 4
    for operation in lists:
        answer = accounts.ask(operation, accounts.zoe)
        assert answer.status_code == 200, (operation.name, answer.status_code)
        if "json" in answer.headers["content-type"]:
            assert not [value for value in accounts.values.values() if len(value) == 36 and value in answer.text], operation.name


def _asks_for_more(operation: Operation) -> bool:
    """Whether it has to be said what is wanted."""
    return any(one.get("required") for one in operation.described.get("parameters", ()))


def test_an_upload_is_not_joined_from_anothers_parts(accounts: TwoAccounts) -> None:
    part = begin(accounts.client, 4, Upload_Concat="partial", **dict(accounts.anna)).headers["Location"]
    answer = begin(accounts.client, None, Upload_Concat=f"final;{part}", **dict(accounts.zoe))
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_the_same_bytes_are_a_recording_of_each_and_say_nothing_of_the_other(accounts: TwoAccounts) -> None:
    with SAMPLE.open("rb") as memo:
        given = accounts.client.post("/v1/recordings", files={"file": memo}, headers=accounts.zoe)
    assert given.status_code == 202
    assert given.json()["id"] != accounts.values["recording_id"]
    assert accounts.client.delete(f"/v1/recordings/{given.json()['id']}", headers=accounts.zoe).status_code == 204
    assert (
        accounts.client.get(f"/v1/recordings/{accounts.values['recording_id']}/audio", headers=accounts.anna).status_code == 200
    )


def test_an_answer_that_is_kept_for_asking_again_is_kept_for_one_account(accounts: TwoAccounts) -> None:
    once = {"Idempotency-Key": "the-same"}
    with SAMPLE.open("rb") as memo:
        body = memo.read() + b"another"
    answers = [
        accounts.client.post("/v1/recordings", content=body, headers={**who, **once, "Content-Type": "audio/ogg"})
        for who in (accounts.anna, accounts.zoe)
    ]
    assert answers[0].json()["id"] != answers[1].json()["id"]
    assert "Idempotent-Replayed" not in answers[1].headers
