"""Who is let in, and by what."""

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from access_keys import bearing, new_key
from diarist.accounts.keys.secret import new_secret
from diarist.domain.access import Permission
from diarist.settings import HttpSettings, Settings
from served import change, served

LONG_AGO = "'2026-01-01 00:00:00'"
OF_ACCOUNT = "account_id = (SELECT id FROM accounts WHERE name = :name)"
PROBLEM = "application/problem+json"
UNKNOWN = "/v1/recordings/019a0c5e-7a41-7f06-8d15-4f5a2b1f7c02"


@pytest.fixture(scope="module")
def guarded_settings(lasting_settings: Settings) -> Settings:
    return lasting_settings.model_copy(update={"http": HttpSettings(require_key=True)})


@pytest.fixture(scope="module")
def guarded(guarded_settings: Settings) -> Iterator[httpx.Client]:
    """Of a server that wants a key."""
    with served(guarded_settings) as client:
        yield client


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_without_a_key_nobody_is_let_in_but_for_what_is_public(guarded: httpx.Client) -> None:
    answer = guarded.get("/v1/recordings")
    assert code(answer) == (401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="diarist"'
    assert answer.headers["X-Request-ID"] == answer.json()["request_id"]
    assert guarded.get("/v1/nothing").status_code == 401
    assert guarded.post("/v1/recordings", content=b"x" * 100_000).status_code == 401
    for path in ("/health/live", "/docs", "/openapi.json"):
        assert guarded.get(path).status_code == 200


@pytest.mark.parametrize("header", ["Authorization: Bearer {}", "Authorization: Token {}", "X-API-Key: {}"])
def test_a_key_lets_its_account_in_however_it_is_shown(guarded: httpx.Client, guarded_settings: Settings, header: str) -> None:
    name, _, value = header.format(new_key(guarded_settings.database_url)).partition(": ")
    assert guarded.get("/v1/recordings", headers={name: value}).json()["items"] == []


def test_whatever_is_wrong_with_a_key_the_answer_is_the_same(guarded: httpx.Client, guarded_settings: Settings) -> None:
    url = guarded_settings.database_url
    revoked, expired = new_key(url, account="forgetful"), new_key(url, account="late", lasts=timedelta(days=1))
    change(guarded_settings, f"UPDATE api_keys SET revoked_at = {LONG_AGO} WHERE {OF_ACCOUNT}", name="forgetful")  # noqa: S608
    change(guarded_settings, f"UPDATE api_keys SET expires_at = {LONG_AGO} WHERE {OF_ACCOUNT}", name="late")  # noqa: S608
    answers = [guarded.get(UNKNOWN, headers=bearing(key)) for key in (revoked, expired, new_secret(), "sk-1234", "diarist_")]
    told = [guarded.get(UNKNOWN), *answers]
    assert {answer.status_code for answer in told} == {401}
    assert len({str(answer.json() | {"request_id": "", "trace_id": ""}) for answer in told}) == 1


@pytest.mark.parametrize(
    ("scope", "method", "path"),
    [
        (Permission.READ, "DELETE", UNKNOWN),
        (Permission.READ, "POST", "/v1/recordings"),
        (Permission.ADD, "GET", "/v1/recordings"),
        (Permission.EDIT, "POST", "/v1/tus"),
        (Permission.EDIT, "GET", "/v1/keys"),
    ],
)
def test_a_key_is_good_for_its_scopes_and_no_more(
    guarded: httpx.Client, guarded_settings: Settings, scope: Permission, method: str, path: str
) -> None:
    answer = guarded.request(method, path, headers=bearing(new_key(guarded_settings.database_url, scope)))
    assert code(answer) == (403, "missing_permission")


def test_a_key_that_only_adds_gives_recordings_and_sees_none(
    guarded: httpx.Client, guarded_settings: Settings, another: bytes
) -> None:
    headers = bearing(new_key(guarded_settings.database_url, Permission.ADD, account="recorder"))
    given = guarded.post("/v1/recordings", files={"file": another}, headers=headers)
    assert given.status_code == 202
    assert guarded.get(f"/v1/recordings/{given.json()['id']}", headers=headers).status_code == 403


def test_a_key_is_made_shown_once_listed_and_revoked(guarded: httpx.Client, guarded_settings: Settings) -> None:
    mine = bearing(new_key(guarded_settings.database_url, account="maker"))
    made = guarded.post("/v1/keys", json={"name": "phone", "scopes": ["read", "read"], "expires_in_days": 30}, headers=mine)
    assert made.status_code == 201
    created = made.json()
    secret = created.pop("key")
    assert created["scopes"] == ["read"]
    assert secret.startswith(created["beginning"])
    assert guarded.get("/v1/recordings", headers=bearing(secret)).status_code == 200

    listed = guarded.get("/v1/keys", headers=mine)
    assert secret not in listed.text
    assert listed.json()["items"][0]["id"] == created["id"]
    assert guarded.get(f"/v1/keys/{created['id']}", headers=mine).json()["name"] == "phone"

    for _ in range(2):
        assert guarded.delete(f"/v1/keys/{created['id']}", headers=mine).status_code == 204
    assert guarded.get(f"/v1/keys/{created['id']}", headers=mine).json()["revoked_at"]


def test_a_key_makes_none_that_may_more(guarded: httpx.Client, guarded_settings: Settings) -> None:
    manager = bearing(new_key(guarded_settings.database_url, Permission.MANAGE))
    answer = guarded.post("/v1/keys", json={"name": "phone", "scopes": ["manage", "read"]}, headers=manager)
    assert code(answer) == (403, "scope_too_wide")
    for scopes in ([], ["own"], ["everything"]):
        answer = guarded.post("/v1/keys", json={"name": "phone", "scopes": scopes}, headers=manager)
        assert answer.status_code == 422


def test_at_this_machine_nobody_needs_a_key_but_one_of_ours_must_be_right(
    lasting_client: httpx.Client, lasting_settings: Settings
) -> None:
    for headers in ({}, bearing("sk-anything"), {"Authorization": "Basic YTpi"}):
        assert lasting_client.get("/v1/keys", headers=headers).status_code == 200
    assert lasting_client.get("/v1/keys", headers=bearing(new_secret())).status_code == 401
    reader = bearing(new_key(lasting_settings.database_url, Permission.READ, account="zoe"))
    assert lasting_client.get("/v1/recordings", headers=reader).status_code == 200
    assert lasting_client.get("/v1/keys", headers=reader).status_code == 403


def test_whoever_comes_by_way_of_a_proxy_is_not_at_this_machine(lasting_client: httpx.Client) -> None:
    for header in ("X-Forwarded-For", "Forwarded"):
        assert lasting_client.get("/v1/recordings", headers={header: "for=192.0.2.7"}).status_code == 401


@pytest.mark.parametrize(
    "http",
    [HttpSettings(host="0.0.0.0"), HttpSettings(host="192.168.1.5"), HttpSettings(public_url="https://diary.example")],  # noqa: S104
)
def test_under_another_address_or_name_everybody_needs_one(settings: Settings, http: HttpSettings) -> None:
    with served(settings.model_copy(update={"http": http})) as client:
        assert client.get("/v1/recordings").status_code == 401
        assert client.get("/v1/recordings", headers=bearing(new_key(settings.database_url))).status_code == 200


def test_every_operation_says_who_may_ask_it(lasting_client: httpx.Client) -> None:
    described = lasting_client.get("/openapi.json").json()
    assert set(described["components"]["securitySchemes"]) == {"bearer", "header", "session"}
    operations = {
        f"{method.upper()} {path}": operation
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    }
    public = {name for name, operation in operations.items() if not operation["security"]}
    assert public == {"GET /health/live", "GET /health/ready", "OPTIONS /v1/tus", "GET /auth/sign-in", "GET /auth/callback"}
    for name in operations.keys() - public:
        answers = operations[name]["responses"]
        assert {"401", "403", "429"} <= answers.keys(), name
        if PROBLEM in answers["401"]["content"]:  # what speaks as other tools do tells of it in their words
            assert "unauthenticated" in answers["401"]["content"][PROBLEM]["examples"], name
            assert {"foreign_origin", "missing_permission"} <= set(answers["403"]["content"][PROBLEM]["examples"]), name
    assert operations["GET /v1/keys"]["security"] == [{scheme: ["manage"]} for scheme in ("bearer", "header", "session")]
