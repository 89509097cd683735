"""The client of ours against the real server: its page, run as it stands there, and connections that break."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import httpx
import pytest

from diarist.client import AnswerCut, AsyncClient, Client, Retries, Sent, ServerUnreachable, UploadInterrupted
from diarist.errors import Empty, NotFound, Unauthenticated, Unavailable
from diarist.settings import HttpSettings, Settings
from served import served

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/how-to/use-the-python-client.md").read_text()
PORTION = 1 << 16
QUICK = Retries(first=0.01)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copyfile(ROOT / "samples" / "tuesday_evening.opus", tmp_path / "tuesday.opus")
    return tmp_path


@pytest.fixture
def diarist(lasting_client: httpx.Client) -> Iterator[Client]:
    with Client(str(lasting_client.base_url), transport=httpx.HTTPTransport(), retries=QUICK) as client:
        yield client


class Breaking(httpx.HTTPTransport):
    """A way to the server on which so many PATCHes break in the middle of its body."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.left, self.broken = times, 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.method != "PATCH" or self.left <= 0:
            return super().handle_request(request)
        self.left -= 1
        self.broken += 1
        whole = b"".join(request.stream) if isinstance(request.stream, httpx.SyncByteStream) else b""
        broken = httpx.Request(request.method, request.url, headers=request.headers, stream=_Half(whole))
        return super().handle_request(broken)


class _Half(httpx.SyncByteStream):
    def __init__(self, whole: bytes) -> None:
        self._whole = whole

    def __iter__(self) -> Iterator[bytes]:
        yield self._whole[: len(self._whole) // 2]
        raise httpx.WriteError("the connection broke")


def test_the_page_runs_as_it_stands_there(working_client: httpx.Client, folder: Path) -> None:
    program = "\n".join(re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL))
    inherited = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], cwd=folder, capture_output=True, text=True, timeout=120, check=False,
        env=inherited | {"DIARIST_API_URL": str(working_client.base_url), "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert re.search(r"^ +\d+\.\d\d ", done.stdout, re.MULTILINE), "sentences with their times"
    assert {"100%", "was here already", "succeeded", "$0"} <= set(done.stdout.splitlines())
    assert "not_found there is no recording" in done.stdout
    assert "something else" not in done.stdout
    assert (folder / "tuesday.srt").read_text().startswith("1\n00:00:")


def test_an_upload_outlasts_connections_that_break(lasting_client: httpx.Client, another: bytes) -> None:
    way = Breaking(3)
    content = os.urandom(5 * PORTION)
    sent: list[Sent] = []
    with Client(str(lasting_client.base_url), transport=way, retries=QUICK) as diarist:
        added = diarist.recordings.add(another + content, on_progress=sent.append, portion=PORTION)
        assert way.broken == 3
        kept = b"".join(diarist.recordings.audio(added.recording_id))
    assert added.created
    assert kept.endswith(content)
    assert sent[-1].fraction == 1.0


def test_an_upload_that_was_left_goes_on_from_where_it_was(lasting_client: httpx.Client, another: bytes) -> None:
    content = another + os.urandom(4 * PORTION)
    address = str(lasting_client.base_url)
    with Client(address, transport=Breaking(99), retries=QUICK) as away, pytest.raises(UploadInterrupted) as left:
        away.recordings.add(content, portion=PORTION)
    with Client(address, transport=httpx.HTTPTransport()) as diarist:
        added = diarist.recordings.add(BytesIO(content), resume=left.value.upload_id, portion=PORTION)
        assert b"".join(diarist.recordings.audio(added.recording_id)) == content
        again = diarist.recordings.add(content, portion=PORTION)
        assert (again.recording_id, again.created) == (added.recording_id, False)


def test_what_can_be_read_only_once_is_uploaded_too(diarist: Client, another: bytes) -> None:
    reading, writing = os.pipe()
    content = another[:1000] + os.urandom(60_000)
    os.write(writing, content)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        added = diarist.recordings.add(pipe, filename="piped.wav", portion=PORTION // 2)
    assert diarist.recordings.get(added.recording_id).size_bytes == len(content)


def test_lists_go_on_over_pages(diarist: Client, another: bytes) -> None:
    for number in range(3):
        diarist.recordings.add(another + bytes([number]), filename=f"{number}.wav")
    names = [recording.filename for recording in diarist.recordings.list(page_size=2)]
    assert names[:3] == ["2.wav", "1.wav", "0.wav"]
    assert len(names) == len(set(diarist.recordings.list(page_size=50)))


def test_refusals_are_errors_of_ours(diarist: Client) -> None:
    with pytest.raises(Empty) as empty:
        diarist.recordings.add(b"")
    assert empty.value.code == "empty_file"
    with pytest.raises(NotFound):
        diarist.jobs.wait("019a0c5e-7a3f-71d2-9b0c-6a3f0f0b8e11")


def test_a_wrong_key_is_told_as_such(settings: Settings) -> None:
    wanting = settings.model_copy(update={"http": HttpSettings(require_key=True)})
    with served(wanting) as server, Client(str(server.base_url), key="diarist_x", transport=httpx.HTTPTransport()) as diarist:
        with pytest.raises(Unauthenticated):
            diarist.recordings.page()
        assert "diarist_x" not in repr(diarist)


async def test_an_async_client_can_do_the_same(working_client: httpx.Client, another: bytes) -> None:
    async with AsyncClient(str(working_client.base_url), transport=httpx.AsyncHTTPTransport()) as diarist:
        added = await diarist.recordings.add(another + os.urandom(3 * PORTION), portion=PORTION)
        updates = [update async for update in diarist.jobs.follow(added.job_id)]
        assert updates[-1].ended
        assert all(update.live for update in updates)
        found = await asyncio.gather(diarist.recordings.get(added.recording_id), diarist.jobs.get(added.job_id))
        assert found[0].job.id == found[1].id


def test_a_server_that_is_not_there_is_unreachable() -> None:
    quick = Retries(tries=2, first=0.001)
    with (
        Client("http://127.0.0.1:9", retries=quick, transport=httpx.HTTPTransport()) as diarist,
        pytest.raises(Unavailable) as away,
    ):
        diarist.recordings.page()
    assert isinstance(away.value, ServerUnreachable)
    assert not isinstance(away.value, AnswerCut)
