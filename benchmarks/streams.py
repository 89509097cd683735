"""Holds many streams open on one server: what each costs, and how soon the last reader knows; 1 when a goal is missed.

python benchmarks/streams.py [--streams 1500] [--events 20]

A server of its own in a process of its own, on SQLite. All readers belong to one account, so that each event goes to all of them.
Time runs from before the request that causes an event until its bytes are read by a reader.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import psutil

ROOT = Path(__file__).resolve().parent
# The benchmarks are plain scripts beside each other.
sys.path[:0] = [str(ROOT)]

from figures import Figure, chosen_sections, percentile, report  # noqa: E402

SECTIONS = ("sse", "websocket")
MEMORY_GOAL = 100.0
"""KiB of the server's memory for each stream."""
TELLING_GOAL = 2.0
"""Seconds until the last reader knows, 95 of 100 times."""
OPENING_GOAL = 30.0
"""Seconds until all are open, as after a server has gone."""
SAMPLE = ROOT.parent / "samples" / "tuesday_evening.opus"


class Reader:
    """One open stream, that notes when each event arrives."""

    def __init__(self) -> None:
        self.heard: dict[str, float] = {}
        self.opened = asyncio.Event()

    async def read_stream(self, port: int) -> None:
        """By server-sent events, with as little as can be between the socket and the clock."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**16)
        try:
            writer.write(b"GET /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            async for line in reader:
                if line.startswith(b"id: "):
                    self._note(line[4:].strip())
        finally:
            writer.close()

    async def read_socket(self, port: int) -> None:
        """By WebSocket."""
        from websockets.asyncio.client import connect

        address = f"ws://127.0.0.1:{port}/v1/ws"
        async with connect(address, proxy=None, compression=None, ping_interval=None, open_timeout=60) as socket:
            await socket.send('{"type":"subscribe"}')
            async for message in socket:
                text = message.encode() if isinstance(message, str) else message
                if b'"id":"' in text:
                    self._note(text.partition(b'"id":"')[2].partition(b'"')[0])

    def _note(self, position: bytes) -> None:
        self.heard.setdefault(position.decode(), time.perf_counter())
        self.opened.set()


def main() -> int:
    """Run the chosen sections."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=1500)
    parser.add_argument("--events", type=int, default=20)
    arguments = chosen_sections(parser, SECTIONS, "streams.json")
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    started = time.perf_counter()
    figures: list[Figure] = []
    for section in arguments.sections:
        figures += asyncio.run(measure(section, arguments.streams, arguments.events))
    return report(figures, arguments.json, started)


async def measure(section: str, streams: int, events: int) -> list[Figure]:
    """Open, tell, and close."""
    with tempfile.TemporaryDirectory() as folder:
        async with (
            serving(Path(folder)) as (port, server),
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as client,
        ):
            job = (await client.post("/v1/recordings", files={"file": SAMPLE.read_bytes()})).headers["Location"]
            await client.get("/v1/events?seconds=0")
            before = memory(server)
            readers = [Reader() for _ in range(streams)]
            opening = time.perf_counter()
            tasks = [
                asyncio.create_task(reader.read_stream(port) if section == "sse" else reader.read_socket(port))
                for reader in readers
            ]
            await asyncio.gather(*(reader.opened.wait() for reader in readers))
            opened = time.perf_counter() - opening
            each = (memory(server) - before) / streams / 1024
            firsts, lasts = [], []
            for number in range(events):
                first, last = await tell(client, job, "cancel" if number % 2 == 0 else "retry", readers)
                firsts.append(first)
                lasts.append(last)
            still = sum(not task.done() for task in tasks)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
    return [
        Figure(section=section, name="streams open to the end", value=still, unit="", goal=streams, better="higher"),
        Figure(section=section, name="until all are open", value=opened, unit="s", goal=OPENING_GOAL),
        Figure(section=section, name="memory for each", value=each, unit="KiB", goal=MEMORY_GOAL),
        Figure(section=section, name="until the first knows, median", value=percentile(firsts, 0.5), unit="s"),
        Figure(section=section, name="until the last knows, median", value=percentile(lasts, 0.5), unit="s"),
        Figure(section=section, name="until the last knows, p95", value=percentile(lasts, 0.95), unit="s", goal=TELLING_GOAL),
    ]


async def tell(client: httpx.AsyncClient, job: str, action: str, readers: list[Reader]) -> tuple[float, float]:
    """Cause an event; seconds until the first and the last reader know it."""
    known = max(int(position) for position in readers[0].heard)
    began = time.perf_counter()
    (await client.post(f"{job}/{action}")).raise_for_status()
    async with asyncio.timeout(60):
        while not all(str(known + 1) in reader.heard for reader in readers):
            await asyncio.sleep(0.01)
    seconds = [reader.heard[str(known + 1)] - began for reader in readers]
    return min(seconds), max(seconds)


@asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[tuple[int, psutil.Process]]:
    """A server without workers: its port, and its process."""
    program = (
        "import asyncio, sys\n"
        "from diarist.http.server import listening, new_server\n"
        "from diarist.services.standalone import create_app\n"
        "from diarist.settings import load_settings\n"
        "from diarist.telemetry.logging import configure_logging\n"
        "from diarist.wiring import prepare\n"
        "settings = load_settings()\n"
        "configure_logging(settings.log)\n"
        "asyncio.run(prepare(settings))\n"
        "app = create_app(settings, lambda queue: None)\n"
        "with listening('127.0.0.1', 0) as listener:\n"
        "    new_server(app, lambda url: print(url, flush=True)).run(sockets=[listener])\n"
    )
    environment = {**os.environ, "DIARIST_DATA_DIR": str(folder / "data"), "DIARIST_LOG__LEVEL": "error"}
    command = [sys.executable, "-c", program]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=log)  # noqa: ASYNC220, S603 - before all else
    try:
        assert process.stdout  # noqa: S101 - for mypy: it is a pipe
        yield int(process.stdout.readline().decode().rpartition(":")[2]), psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(30)


def memory(process: psutil.Process) -> int:
    """Bytes that nobody else uses."""
    return int(process.memory_full_info().uss)


if __name__ == "__main__":
    sys.exit(main())
