"""People who sign in with a browser: at a real provider, and at one that lies."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from access_keys import bearing, new_key
from diarist.accounts.service import account_id
from diarist.accounts.users.repository import find_by_email
from diarist.accounts.users.service import invite_user
from diarist.database.session import Database
from diarist.domain.access import Role
from diarist.errors import NotFound
from diarist.settings import HttpSettings, Settings
from oidc_servers import WrongProvider, node_provider, settings_for, wrong_provider
from served import rows_of, served

ANNA = "anna@example.org"
RECORDINGS = "/v1/recordings"


@pytest.fixture
def provider() -> Iterator[WrongProvider]:
    with wrong_provider() as provider:
        yield provider


@pytest.fixture
def server(settings: Settings, provider: WrongProvider) -> Iterator[httpx.Client]:
    with signing_in(settings, provider.issuer) as client:
        yield client


@contextmanager
def signing_in(settings: Settings, issuer: str) -> Iterator[httpx.Client]:
    """A server that wants to know who asks, with Anna invited."""
    http = HttpSettings(require_key=True)
    with served(settings.model_copy(update={"oidc": settings_for(issuer), "http": http})) as client:
        asyncio.run(invite(settings, ANNA, Role.MEMBER))
        yield client


async def invite(settings: Settings, email: str, role: Role) -> None:
    database = Database.open(settings.database_url)
    try:
        async with database.write() as session:
            await invite_user(session, await account_id(session), email, role)
    finally:
        await database.close()


def signed_in(client: httpx.Client, return_to: str = "/") -> httpx.Response:
    """Follow the redirects to our provider and back; the last answer of ours."""
    sent = client.get("/auth/sign-in", params={"return_to": return_to})
    back = httpx.get(sent.headers["Location"], trust_env=False)
    return client.get(back.headers["Location"])


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_an_invited_person_signs_in_works_and_signs_out(server: httpx.Client, settings: Settings) -> None:
    assert server.get(RECORDINGS).status_code == 401
    answer = signed_in(server, "/day/today?x=1")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/day/today?x=1")
    assert server.get(RECORDINGS).status_code == 200
    session = server.get("/v1/session").json()
    assert session["permissions"] == ["add", "edit", "read"]
    assert (session["user"]["email"], session["user"]["name"], session["user"]["role"]) == (ANNA, "Anna Berg", "member")

    token = {"X-CSRF-Token": session["csrf_token"]}
    assert code(server.get("/v1/users")) == (403, "missing_permission")
    assert server.delete("/v1/session", headers=token).status_code == 204
    assert server.get(RECORDINGS).status_code == 401
    assert rows_of(settings, "sessions") == 0


def test_the_cookie_is_for_the_server_alone(server: httpx.Client) -> None:
    cookie = signed_in(server).headers.get_list("Set-Cookie")[0]
    name, *attributes = cookie.split("; ")
    assert name.startswith("diarist-session=")
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(attributes)
    assert "Secure" not in attributes


def test_by_tls_the_cookie_goes_by_tls_alone(settings: Settings, provider: WrongProvider) -> None:
    http = HttpSettings(public_url="https://diary.example")
    with served(settings.model_copy(update={"oidc": settings_for(provider.issuer), "http": http})) as client:
        sent = client.get("/auth/sign-in")
    [cookie] = sent.headers.get_list("Set-Cookie")
    assert cookie.startswith("__Host-diarist-sign-in=")
    assert "Secure" in cookie.split("; ")
    assert parse_qs(urlsplit(sent.headers["Location"]).query)["redirect_uri"] == ["https://diary.example/auth/callback"]


def test_a_page_of_others_cannot_change_anything_with_the_cookie(server: httpx.Client) -> None:
    signed_in(server)
    token = server.get("/v1/session").json()["csrf_token"]
    assert code(server.post("/v1/tus", headers={"Tus-Resumable": "1.0.0"})) == (403, "missing_csrf_token")
    assert code(server.delete("/v1/session", headers={"X-CSRF-Token": token[::-1]})) == (403, "missing_csrf_token")
    foreign = {"X-CSRF-Token": token, "Origin": "https://evil.example"}
    assert code(server.delete("/v1/session", headers=foreign)) == (403, "foreign_origin")
    begun = server.post("/v1/tus", headers={"Tus-Resumable": "1.0.0", "Upload-Length": "1", "X-CSRF-Token": token})
    assert begun.status_code == 201


@pytest.mark.parametrize(
    "return_to", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a\r\nb"]
)
def test_nobody_is_sent_to_another_server_afterwards(server: httpx.Client, return_to: str) -> None:
    assert signed_in(server, return_to).headers["Location"] == "/"


def test_an_answer_that_this_browser_did_not_ask_for_is_refused(server: httpx.Client) -> None:
    sent = server.get("/auth/sign-in")
    back = httpx.get(sent.headers["Location"], trust_env=False).headers["Location"]
    with httpx.Client(base_url=server.base_url, trust_env=False) as victim:
        assert code(victim.get(back)) == (403, "sign_in_refused")
        victim.get("/auth/sign-in")
        assert code(victim.get(back)) == (403, "sign_in_refused")
    assert server.get(back).status_code == 303
    assert code(server.get(back)) == (403, "sign_in_refused"), "an answer is good once"


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"}, {"nonce": None}, {"aud": "another"}, {"iss": "https://evil.example"}, {"iss": None},
        {"exp": 1}, {"exp": None}, {"sub": None}, {"iat": 4_000_000_000},
        {"email_verified": False}, {"email_verified": None}, {"email": "eve@example.org"}, {"email": None},
    ],
)  # fmt: skip
def test_what_does_not_fit_lets_nobody_in(server: httpx.Client, provider: WrongProvider, claims: dict[str, Any]) -> None:
    provider.claims |= claims
    assert code(signed_in(server)) == (403, "sign_in_refused")
    assert server.get(RECORDINGS).status_code == 401


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_token_without_a_real_signature_lets_nobody_in(server: httpx.Client, provider: WrongProvider, algorithm: str) -> None:
    provider.algorithm = algorithm
    assert code(signed_in(server)) == (403, "sign_in_refused")


def test_keys_are_rotated_and_a_stranger_s_key_is_not_believed(server: httpx.Client, provider: WrongProvider) -> None:
    assert signed_in(server).status_code == 303
    provider.rotate()
    assert signed_in(server).status_code == 303
    own = provider.key
    provider.rotate()
    provider.key = own
    assert code(signed_in(server)) == (403, "sign_in_refused")


def test_a_provider_that_gives_itself_for_another_is_not_asked(server: httpx.Client, provider: WrongProvider) -> None:
    provider.named = "https://login.example.org"
    assert code(server.get("/auth/sign-in")) == (503, "sign_in_provider_unavailable")


def test_a_person_stays_known_when_the_address_goes_to_somebody_else(server: httpx.Client, provider: WrongProvider) -> None:
    assert signed_in(server).status_code == 303
    provider.claims["email"] = "anna@elsewhere.example"
    assert signed_in(server).status_code == 303
    provider.claims |= {"sub": "whoever has the address now", "email": ANNA}
    assert code(signed_in(server)) == (403, "sign_in_refused")


def test_who_is_removed_is_signed_out_and_the_keys_go_too(server: httpx.Client, settings: Settings) -> None:
    asyncio.run(invite(settings, "boss@example.org", Role.OWNER))
    manager = bearing(new_key(settings.database_url))
    signed_in(server)
    listed = {user["email"]: user["id"] for user in server.get("/v1/users", headers=manager).json()["items"]}
    changed = server.patch(f"/v1/users/{listed[ANNA]}", json={"role": "admin"}, headers=manager)
    assert changed.json()["role"] == "admin"
    assert code(server.patch(f"/v1/users/{listed[ANNA]}", json={"role": "owner"}, headers=manager)) == (403, "role_too_high")
    assert code(server.delete(f"/v1/users/{listed['boss@example.org']}", headers=manager)) == (403, "role_too_high")
    assert server.delete(f"/v1/users/{listed[ANNA]}", headers=manager).status_code == 204
    assert rows_of(settings, "sessions") == 0
    assert server.get(f"/v1/users/{listed[ANNA]}", headers=manager).status_code == 404


def test_without_a_provider_nobody_signs_in(lasting_client: httpx.Client) -> None:
    assert code(lasting_client.get("/auth/sign-in")) == (501, "not_supported")
    session = lasting_client.get("/v1/session").json()
    assert (session["user"], session["csrf_token"], session["permissions"][-1]) == (None, None, "read")


@pytest.mark.slow
def test_somebody_else_s_provider_is_understood(settings: Settings) -> None:
    """Every step that a browser takes, at npm's `oidc-provider`: its pages, its consent, its claims by userinfo."""
    with node_provider() as issuer, signing_in(settings, issuer) as client:
        assert at_node(client, "eve").status_code == 403
        assert at_node(client, "anna").status_code == 303
        assert client.get("/v1/session").json()["user"]["name"] == "Anna Berg"
        assert asyncio.run(known(settings))


def at_node(client: httpx.Client, name: str) -> httpx.Response:
    """Sign in by a name on the provider's own pages."""
    sent = client.get("/auth/sign-in").headers["Location"]
    with httpx.Client(trust_env=False, follow_redirects=False) as browser:
        answer = browser.get(sent)
        for _ in range(20):
            location = answer.headers.get("Location", "")
            if location.startswith(str(client.base_url)):
                return client.get(location)
            if answer.is_redirect:
                answer = browser.get(answer.url.join(location))
            else:
                prompt = (
                    {"prompt": "login", "login": name, "password": "any"}
                    if 'value="login"' in answer.text
                    else {"prompt": "consent"}
                )
                answer = browser.post(answer.url, data=prompt)
    raise AssertionError(answer.text)


async def known(settings: Settings) -> bool:
    """Whether Anna is known by what the provider calls her."""
    database = Database.open(settings.database_url)
    try:
        async with database.read() as session:
            user = await find_by_email(session, await account_id(session), ANNA)
        if user is None:
            raise NotFound
        return user.subject == "anna"
    finally:
        await database.close()
