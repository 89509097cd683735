"""The health check of the images, which imports nothing of Diarist and yet has to know its roles."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType

import pytest

from diarist.services.roles import ROLES

SCRIPT = Path(__file__).parents[3] / "deploy" / "docker" / "healthcheck.py"


@pytest.fixture(scope="module")
def healthcheck() -> ModuleType:
    spec = importlib.util.spec_from_file_location("healthcheck", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def answering(request: pytest.FixtureRequest) -> Iterator[tuple[str, int]]:
    """A server that answers everything with the status it is told."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(request.param if self.path == "/health/ready" else 404)
            self.end_headers()
            self.wfile.write(b"broker: Redis does not answer")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield ("127.0.0.1", server.server_port)
        server.shutdown()
        thread.join()


def test_it_knows_the_private_port_of_every_role(healthcheck: ModuleType) -> None:
    assert {name: role.private_port for name, role in ROLES.items()} == healthcheck.PRIVATE_PORTS


@pytest.mark.parametrize(
    ("command", "environment", "address"),
    [
        ("/usr/bin/tini -- diarist serve llm-worker", {}, ("localhost", 9102)),
        (
            "/sbin/docker-init -- /usr/bin/tini -- diarist serve job-status-api",
            {"DIARIST_HTTP__HOST": "::"},
            ("localhost", 9103),
        ),
        ("/usr/bin/tini -- diarist serve standalone", {"DIARIST_HTTP__PRIVATE_PORT": "9999"}, ("localhost", 9999)),
        ("/usr/bin/tini -- diarist serve ingestion-api", {"DIARIST_HTTP__HOST": "10.0.0.7"}, ("10.0.0.7", 9100)),
        ("/usr/bin/tini -- diarist db upgrade", {}, None),
        ("", {}, None),
    ],
)
def test_it_asks_whoever_the_command_starts(
    healthcheck: ModuleType, command: str, environment: dict[str, str], address: tuple[str, int] | None
) -> None:
    asked = healthcheck.private_address(command.split(" "), environment)
    assert asked == address


def test_it_finds_a_role_in_the_words_of_whoever_starts_it_again(healthcheck: ModuleType) -> None:
    assert healthcheck.private_address(["watchfiles", "diarist serve transcription-worker", "src"], {}) == ("localhost", 9101)


@pytest.mark.parametrize("answering", [200], indirect=True)
def test_ready_is_ready(healthcheck: ModuleType, answering: tuple[str, int]) -> None:
    assert healthcheck.readiness(answering) == (True, "broker: Redis does not answer")


@pytest.mark.parametrize("answering", [503], indirect=True)
def test_not_ready_is_told_with_the_reason(healthcheck: ModuleType, answering: tuple[str, int]) -> None:
    ready, words = healthcheck.readiness(answering)
    assert not ready
    assert "Redis" in words


def test_nobody_there_is_no_crash(healthcheck: ModuleType) -> None:
    with pytest.raises(OSError, match="refused"):
        healthcheck.readiness(("127.0.0.1", 1))


def test_it_runs_without_site_packages_where_no_role_runs() -> None:
    ran = subprocess.run([sys.executable, "-I", "-S", SCRIPT], capture_output=True, text=True, check=False)
    assert ran.returncode in {0, 1}, ran.stderr
    assert not ran.stderr
