import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import psutil
import pytest

from diarist.services.embedded_workers import working_process
from server_process import ServerProcess
from waiting import until

MEGABYTE = 1 << 20
SAMPLE = Path(__file__).parents[2] / "samples" / "tuesday_evening.opus"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    server = ServerProcess(tmp_path)
    yield server
    server.process.kill()
    server.process.communicate()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_in_order_and_goes_on_when_it_starts_again(server: ServerProcess, tmp_path: Path, number: int) -> None:
    with httpx.Client(base_url=server.url(), trust_env=False) as client, SAMPLE.open("rb") as memo:
        location = client.post("/v1/recordings", files={"file": memo}).headers["Location"]
        until(
            lambda: (
                client.get(location).json()["stage"] == "transcribe" and client.get(location).json()["progress"]["seconds_done"]
            )
        )
        children = psutil.Process(server.process.pid).children(recursive=True)
        assert children
        status, seconds = server.end(number)
    assert (status, seconds < 8) == (0, True), seconds
    assert not [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]
    assert working_process(tmp_path) is None

    again = ServerProcess(tmp_path)
    try:
        with httpx.Client(base_url=again.url(), trust_env=False) as client:
            until(lambda: client.get(location).json()["progress"]["seconds_done"])
            assert client.get(location).json()["state"] == "running"
    finally:
        again.process.kill()
        again.process.communicate()


@pytest.mark.slow
def test_an_upload_that_is_under_way_at_the_end_leaves_nothing_behind(server: ServerProcess, tmp_path: Path) -> None:
    address = httpx.URL(server.url())
    stored = tmp_path / "blobs" / "accounts"
    with socket.create_connection((address.host, address.port or 0)) as connection:
        headers = f"Host: 127.0.0.1\r\nContent-Type: audio/wav\r\nContent-Length: {40 * MEGABYTE}"
        connection.sendall(f"POST /v1/recordings HTTP/1.1\r\n{headers}\r\n\r\n".encode() + bytes(20 * MEGABYTE))
        until(lambda: [path for path in stored.rglob("*") if path.is_file()])
        status, seconds = server.end(signal.SIGTERM)
        assert (status, seconds < 12) == (0, True), seconds
        assert b" 503 " in connection.makefile("rb").readline()
    assert not [path for path in stored.rglob("*") if path.is_file()]


@pytest.mark.slow
def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        told = ServerProcess(tmp_path, port).refusal()
    assert told.startswith(f"port_in_use: another program listens on 127.0.0.1:{port}")
    assert "DIARIST_HTTP__PORT" in told


@pytest.mark.slow
def test_one_process_works_on_a_data_directory(server: ServerProcess, tmp_path: Path) -> None:
    server.url()
    told = ServerProcess(tmp_path).refusal()
    assert told.startswith("already_working:")
    assert str(server.process.pid) in told


def test_no_engine_is_loaded_into_the_server() -> None:
    program = "import sys, diarist.services.standalone; print([name for name in sys.argv[1:] if name in sys.modules])"
    heavy = ["numpy", "av", "onnxruntime", "ctranslate2", "faster_whisper", "vaderSentiment"]
    done = subprocess.run([sys.executable, "-c", program, *heavy], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.slow
def test_health_is_told_on_a_private_port_too(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    server = ServerProcess(tmp_path, HTTP__PRIVATE_PORT=str(port))
    try:
        server.url()
        private = f"http://127.0.0.1:{port}"
        told = until(
            lambda: (answer := httpx.get(f"{private}/health/ready", trust_env=False).json())["status"] == "ready" and answer
        )
        assert told["checks"] == ["database", "migrations", "storage", "workers"]
        # Whoever probes it calls it by any name.
        assert httpx.get(f"{private}/health/live", headers={"Host": "10.0.0.7:9100"}, trust_env=False).status_code == 200
        assert httpx.get(f"{private}/v1/jobs", trust_env=False).status_code == 404
        assert server.end(signal.SIGTERM)[0] == 0
    finally:
        server.process.kill()
        server.process.communicate()
