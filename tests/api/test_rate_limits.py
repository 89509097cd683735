"""How often a key and an address may ask, over HTTP."""

import httpx
import pytest

from access_keys import bearing, new_key
from diarist.accounts.keys.secret import new_secret
from diarist.domain.access import Permission
from diarist.settings import HttpSettings, Settings
from diarist.settings.access import LimitSettings
from served import served


@pytest.fixture
def limited(settings: Settings) -> Settings:
    limits = LimitSettings(requests_per_minute=3, refusals_per_minute=3)
    return settings.model_copy(update={"http": HttpSettings(require_key=True), "limits": limits})


def test_every_answer_tells_what_is_left_until_nothing_is(limited: Settings) -> None:
    with served(limited) as client:
        anna, zoe = (bearing(new_key(limited.database_url, account=name)) for name in ("anna", "zoe"))
        answers = [client.get("/v1/jobs", headers=anna) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert [answer.headers["RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0"]
        assert (answers[0].headers["RateLimit-Limit"], answers[0].headers["RateLimit-Policy"]) == ("3", "3;w=60")
        assert 0 < int(answers[0].headers["RateLimit-Reset"]) <= 20
        refused = answers[-1]
        assert refused.json()["code"] == "too_many_requests"
        assert 0 < int(refused.headers["Retry-After"]) <= 20
        assert client.get("/v1/jobs", headers=zoe).status_code == 200
        assert client.get("/health/live").status_code == 200


def test_an_answer_tells_it_to_those_too_who_may_not_do_what_they_ask(limited: Settings) -> None:
    with served(limited) as client:
        answer = client.get("/v1/jobs", headers=bearing(new_key(limited.database_url, Permission.ADD)))
        assert (answer.status_code, answer.json()["code"]) == (403, "missing_permission")
        assert (answer.headers["RateLimit-Limit"], answer.headers["RateLimit-Remaining"]) == ("3", "2")


def test_an_address_that_guesses_is_refused_but_not_those_beside_it_who_have_keys(limited: Settings) -> None:
    with served(limited) as client:
        guesses = [client.get("/v1/jobs", headers=bearing(new_secret())) for _ in range(5)]
        assert [answer.status_code for answer in guesses] == [401, 401, 401, 429, 429]
        assert int(guesses[-1].headers["Retry-After"]) > 0
        assert client.get("/v1/jobs", headers=bearing(new_key(limited.database_url))).status_code == 200


def test_who_sits_at_the_machine_has_no_limit(lasting_client: httpx.Client) -> None:
    answer = lasting_client.get("/v1/jobs")
    assert answer.status_code == 200
    assert not [name for name in answer.headers if name.startswith("ratelimit")]
