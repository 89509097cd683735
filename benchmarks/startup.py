"""How soon the command line answers, and how little the server needs while it waits and after it has worked."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import psutil
from figures import Figure
from material import Clip
from processes import MemoryWatch

HELP_SECONDS = 0.4
SERVER_MB = 350.0
RUNS = 7


def measure(clips: list[Clip], cache_dir: Path) -> list[Figure]:
    """`diarist --help` as a whole process, and `diarist up` while it takes one recording through the pipeline."""
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        subprocess.run([_diarist(), "--help"], check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own program
        times.append(time.perf_counter() - started)
    idle, peak = _server(clips[0].path, cache_dir)
    return [
        Figure(section="start", name="diarist --help", value=median(times), unit="s", goal=HELP_SECONDS),
        Figure(section="start", name="diarist up, idle", value=idle, unit="MB"),
        Figure(section="start", name="diarist up, at work, without its engine", value=peak, unit="MB", goal=SERVER_MB),
    ]


def _server(clip: Path, cache_dir: Path) -> tuple[float, float]:
    port = _free_port()
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "DIARIST_DATA_DIR": folder,
            "DIARIST_CACHE_DIR": str(cache_dir),
            "DIARIST_HTTP__PORT": str(port),
            "DIARIST_ENGINE__MODEL": "tiny.en",
            "DIARIST_LOG__LEVEL": "error",
        }
        with subprocess.Popen([_diarist(), "up"], env=environment) as server:  # noqa: S603 - our own program
            try:
                _wait_for(lambda: _get(port, "/health/ready")[0] == 200)
                idle = psutil.Process(server.pid).memory_info().rss / 1e6
                with MemoryWatch(server.pid) as watch:
                    _upload(port, clip)
                    _wait_for(lambda: b"composed_by" in _get(port, "/v1/entries")[1])
            finally:
                server.terminate()
                server.wait(30)
    return idle, sum(megabytes for role, megabytes in watch.peaks.items() if role != "engine")


def _upload(port: int, clip: Path) -> None:
    boundary = "benchmark"
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{clip.name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    body = head.encode() + clip.read_bytes() + f"\r\n--{boundary}--\r\n".encode()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", "/v1/recordings", body, {"Content-Type": f"multipart/form-data; boundary={boundary}"})
    answer = connection.getresponse()
    if answer.status != 202:
        raise RuntimeError(f"upload: {answer.status} {answer.read()!r}")
    connection.close()


def _get(port: int, path: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except ConnectionError:
        return 0, b""
    finally:
        connection.close()


def _wait_for(condition: Callable[[], bool], limit: float = 120.0) -> None:
    deadline = time.monotonic() + limit
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _diarist() -> str:
    return str(Path(sys.executable).with_name("diarist"))
