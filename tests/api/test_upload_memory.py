import struct
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from server_process import ServerProcess

MEGABYTE = 1 << 20
SIZE = 200 * MEGABYTE
ROOM = 40 * MEGABYTE
"""What the server may grow by: the pieces that are on their way to the disk."""


def long_silence() -> Iterator[bytes]:
    """A WAV file of almost two hours: mono, 16 kHz, 16 bit."""
    yield b"RIFF" + struct.pack("<I", SIZE - 8) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 16_000, 32_000, 2, 16)
    yield b"data" + struct.pack("<I", SIZE - 44)
    for _ in range(SIZE // MEGABYTE - 1):
        yield bytes(MEGABYTE)
    yield bytes(MEGABYTE - 44)


@pytest.mark.slow
def test_an_upload_is_never_whole_in_memory(tmp_path: Path) -> None:
    server = ServerProcess(tmp_path)
    try:
        with httpx.Client(base_url=server.url(), timeout=120, trust_env=False) as client:
            client.post("/v1/recordings", content=b"no sound", headers={"Content-Type": "audio/wav"})  # all is loaded now
            process = psutil.Process(server.process.pid)
            before = process.memory_info().rss
            seen = []

            def form() -> Iterator[bytes]:
                yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="silence.wav"\r\n\r\n'
                for piece in long_silence():
                    yield piece
                    seen.append(process.memory_info().rss)
                yield b"\r\n--b--\r\n"

            answer = client.post("/v1/recordings", content=form(), headers={"Content-Type": "multipart/form-data; boundary=b"})
    finally:
        server.process.kill()
        server.process.communicate()
    assert (answer.status_code, answer.json()["size_bytes"]) == (202, SIZE)
    assert len(seen) > 200
    assert max(seen) - before < ROOM
