import socket

import httpx
import pytest

from diarist.settings import HttpSettings, Settings
from served import served

UNKNOWN = "019a0c5e-7a41-7f06-8d15-4f5a2b1f7c02"


def test_a_request_id_is_taken_over_or_made(lasting_client: httpx.Client) -> None:
    assert lasting_client.get("/health/live", headers={"X-Request-ID": "mine-1"}).headers["X-Request-ID"] == "mine-1"
    for given in ("two words", "<script>", "a" * 200):
        made = lasting_client.get("/health/live", headers={"X-Request-ID": given}).headers["X-Request-ID"]
        assert len(made) == 36
    first, second = (lasting_client.get("/health/live").headers["X-Request-ID"] for _ in range(2))
    assert first < second


@pytest.mark.parametrize("path", ["/health/live", "/v1/nothing", "/docs", "/openapi.json", "/v1/recordings?limit=x"])
def test_browsers_are_kept_careful(lasting_client: httpx.Client, path: str) -> None:
    headers = lasting_client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "Access-Control-Allow-Origin" not in headers
    assert "Server" not in headers


@pytest.mark.parametrize(
    "path",
    ["/", "/v1/nothing", f"/v1/recordings/{UNKNOWN}", f"/v1/recordings/{UNKNOWN}/transcript", f"/v1/recordings/{UNKNOWN}/entry",
     f"/v1/recordings/{UNKNOWN}/audio", f"/v1/jobs/{UNKNOWN}", f"/v1/entries/{UNKNOWN}", "/docs/nothing.js"],
)  # fmt: skip
def test_what_is_not_there_is_a_problem(lasting_client: httpx.Client, path: str) -> None:
    answer = lasting_client.get(path)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["code"], answer.json()["instance"]) == (404, "not_found", path)


def test_an_id_must_be_an_id(lasting_client: httpx.Client) -> None:
    answer = lasting_client.get("/v1/jobs/last")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert answer.json()["fields"][0]["name"] == "job_id"
    assert "last" not in answer.json()["detail"]


def test_another_method_is_told_which_there_are(lasting_client: httpx.Client) -> None:
    answer = lasting_client.put("/v1/recordings")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert answer.headers["Allow"] == "GET, POST"


@pytest.mark.parametrize("path", ["/v1/recordings", "/health/live", "/docs", "/v1/nothing"])
def test_a_foreign_host_or_origin_is_refused(lasting_client: httpx.Client, path: str) -> None:
    host = lasting_client.get(path, headers={"Host": "evil.example"})
    assert (host.status_code, host.json()["code"]) == (421, "foreign_host")
    origin = lasting_client.post(path, headers={"Origin": "https://evil.example"})
    assert (origin.status_code, origin.json()["code"]) == (403, "foreign_origin")
    assert lasting_client.get(path, headers={"Origin": "null"}).status_code == 403


def test_our_own_names_are_answered(lasting_client: httpx.Client) -> None:
    for name in ("127.0.0.1", "localhost", "[::1]"):
        headers = {"Host": f"{name}:8000", "Origin": f"http://{name}:8000"}
        assert lasting_client.get("/v1/recordings", headers=headers).status_code == 200


def test_further_names_are_a_matter_of_settings(settings: Settings) -> None:
    with served(settings.model_copy(update={"http": HttpSettings(allowed_hosts=["diary.lan"])})) as client:
        assert client.get("/health/live", headers={"Host": "diary.lan:8000"}).status_code == 200
        assert client.get("/health/live", headers={"Host": "localhost"}).status_code == 421


def test_a_request_without_host_is_refused(lasting_client: httpx.Client) -> None:
    with socket.create_connection((lasting_client.base_url.host, lasting_client.base_url.port or 0)) as connection:
        connection.sendall(b"GET /v1/recordings HTTP/1.0\r\n\r\n")
        assert connection.makefile("rb").readline().split()[1] == b"421"


@pytest.mark.sqlite_only  # a shared database has its workers elsewhere
def test_a_server_without_workers_lives_but_is_not_ready(lasting_client: httpx.Client) -> None:
    assert lasting_client.get("/health/live").json() == {"status": "live"}
    answer = lasting_client.get("/health/ready")
    assert (answer.status_code, answer.json()["code"]) == (503, "not_ready")
    assert answer.json()["detail"] == "workers: no process works on the recordings"
    assert int(answer.headers["Retry-After"]) > 0


def test_it_is_not_ready_when_recordings_cannot_be_stored(client: httpx.Client, settings: Settings) -> None:
    blobs = settings.data_dir / "blobs"
    if blobs.exists():
        blobs.rename(settings.data_dir / "moved")
    blobs.touch()
    assert "storage: " in client.get("/health/ready").json()["detail"]


def test_the_documentation_loads_nothing_from_elsewhere(lasting_client: httpx.Client) -> None:
    page = lasting_client.get("/docs")
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "https://" not in page.text
    assert "http://" not in page.text
    assert "script-src 'self';" in page.headers["Content-Security-Policy"]
    loaded = [part.partition('"')[0] for part in page.text.replace('href="', 'src="').split('src="')[1:]]
    assert len(loaded) == 4
    for path in loaded:
        answer = lasting_client.get(path)
        assert answer.status_code == 200
        assert len(answer.content) > 50
    assert "/openapi.json" in lasting_client.get("/docs/start.js").text


def test_the_api_is_described_with_its_problems(lasting_client: httpx.Client) -> None:
    described = lasting_client.get("/openapi.json").json()
    upload = described["paths"]["/v1/recordings"]["post"]
    assert "multipart/form-data" in upload["requestBody"]["content"]
    assert {"200", "202", "400", "413", "415", "422", "507"} <= set(upload["responses"])
    examples = upload["responses"]["422"]["content"]["application/problem+json"]["examples"]
    assert {"empty_file", "no_samples", "invalid_request"} <= set(examples)
    assert "advice" in described["components"]["schemas"]["Problem"]["properties"]
    assert "HTTPValidationError" not in described["components"]["schemas"]
    operations = [operation["operationId"] for path in described["paths"].values() for operation in path.values()]
    assert len(operations) == len(set(operations))
