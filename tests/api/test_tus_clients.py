"""The real client, tuspy, against a real server; and a server that is killed while it receives."""

from __future__ import annotations

import asyncio
import hashlib
import io
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError, TusUploadFailed

from diarist.recordings.uploads.receiving import PIECE_BYTES
from diarist.settings import Settings
from diarist.storage.blobs import Blobs
from made_audio import noise, write_audio
from s3_server import S3Server
from served import blobs_of, rows_of, served
from server_process import ServerProcess
from tus_wire import begun, offset_of, send
from waiting import PATIENCE, until


def uploading(server: httpx.URL, content: bytes, **options: Any) -> Any:
    """tuspy's uploader; it is typed in parts only."""
    return TusClient(str(server.join("/v1/tus"))).uploader(file_stream=io.BytesIO(content), **options)


@pytest.fixture(scope="module")
def long_memo(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A recording of more than three pieces, no two of which are alike."""
    seconds = 3.5 * PIECE_BYTES / 96_000
    path = write_audio(tmp_path_factory.mktemp("long") / "long.wav", noise(seconds, rate=48_000), 48_000, "pcm_s16le")
    return path.read_bytes()


async def uploads_in(blobs: Blobs) -> list[str]:
    (account,) = await blobs.folders("accounts")
    return await blobs.folders(f"accounts/{account}/uploads")


@pytest.mark.parametrize("checked", [False, True])
def test_a_file_is_uploaded_in_chunks(client: httpx.Client, another: bytes, *, checked: bool) -> None:
    metadata = {"filename": "Tuesday.wav"}
    uploader = uploading(client.base_url, another, chunk_size=20_000, metadata=metadata, upload_checksum=checked)
    uploader.upload()
    recording = client.get(uploader.request.response_headers["diarist-recording"]).json()
    assert (recording["filename"], recording["sha256"]) == ("Tuesday.wav", hashlib.sha256(another).hexdigest())


def test_another_process_of_the_client_goes_on_where_the_first_stopped(client: httpx.Client, another: bytes) -> None:
    first = uploading(client.base_url, another, chunk_size=10_000)
    first.upload(stop_at=30_000)
    second = uploading(client.base_url, another, chunk_size=10_000, url=first.url)
    assert second.offset == 30_000
    second.upload()
    assert client.get(second.request.response_headers["diarist-recording"]).json()["size_bytes"] == len(another)


def test_a_broken_chunk_is_said_to_the_client(client: httpx.Client, another: bytes) -> None:
    uploader = uploading(client.base_url, another, chunk_size=10_000, upload_checksum=True)
    uploader.upload_chunk()
    uploader._BaseUploader__checksum_algorithm = lambda content: hashlib.sha1(content + b"!", usedforsecurity=False)
    with pytest.raises(TusUploadFailed) as failed:
        uploader.upload_chunk()
    assert (failed.value.status_code, uploader.get_offset()) == (460, 10_000)


def test_what_was_given_up_is_gone_for_the_client(client: httpx.Client, another: bytes) -> None:
    uploader = uploading(client.base_url, another, chunk_size=10_000)
    uploader.upload_chunk()
    client.delete(uploader.url, headers={"Tus-Resumable": "1.0.0"})
    with pytest.raises(TusCommunicationError):
        uploading(client.base_url, another, url=uploader.url)


def test_an_upload_goes_on_at_another_replica(settings: Settings, another: bytes) -> None:
    with served(settings) as one, served(settings) as other:
        address = begun(one, len(another))
        send(one, address, 0, another[:9000])
        assert offset_of(other, address) == 9000
        assert send(one, address, 0, another).status_code == 409
        last = send(other, address, 9000, another[9000:])
        assert one.get(last.headers["Diarist-Recording"]).json()["sha256"] == hashlib.sha256(another).hexdigest()
    assert (rows_of(settings, "recordings"), len(blobs_of(settings))) == (1, 1)


def test_of_two_writers_at_one_offset_one_wins(settings: Settings, another: bytes) -> None:
    """The second sends all of its bytes between the first one's headers and its last byte."""
    with served(settings) as one, served(settings) as other:
        address = begun(one, len(another))

        def overtaken() -> Iterator[bytes]:
            yield another[:5000]
            assert send(other, address, 0, another[:7000]).status_code == 204
            yield another[5000:6000]

        answer = send(one, address, 0, overtaken(), Content_Length="6000")
        assert (answer.status_code, answer.json()["code"]) == (409, "offset_mismatch")
        assert offset_of(one, address) == 7000
        assert len(blobs_of(settings)) == 1, "the loser's bytes are deleted"
        last = send(one, address, 7000, another[7000:])
        assert one.get(last.headers["Diarist-Recording"]).json()["sha256"] == hashlib.sha256(another).hexdigest()


@pytest.mark.slow
def test_pieces_may_lie_in_a_bucket(settings: Settings, s3: S3Server, long_memo: bytes) -> None:
    storage = s3.settings(s3.new_place())
    with served(settings.model_copy(update={"storage": storage})) as client:
        uploader = uploading(client.base_url, long_memo, chunk_size=12 << 20, upload_checksum=True)
        uploader.upload()
        recording = uploader.request.response_headers["diarist-recording"]
        assert client.get(recording).json()["sha256"] == hashlib.sha256(long_memo).hexdigest()
    assert asyncio.run(uploads_in(Blobs.open(storage.url, storage))) == []


@pytest.mark.slow
def test_killed_while_it_receives_it_loses_less_than_a_piece(tmp_path: Path, long_memo: bytes) -> None:
    content = long_memo
    first = ServerProcess(tmp_path)
    try:
        with httpx.Client(base_url=first.url(), timeout=PATIENCE, trust_env=False) as client:
            address = begun(client, len(content))

            def killed() -> Iterator[bytes]:
                for start in range(0, 2 * PIECE_BYTES + PIECE_BYTES // 2, 1 << 20):
                    yield content[start : start + (1 << 20)]
                until(lambda: offset_of(client_too, address) == 2 * PIECE_BYTES)
                first.end(signal.SIGKILL)
                yield content[2 * PIECE_BYTES + PIECE_BYTES // 2 :]

            with (
                httpx.Client(base_url=client.base_url, timeout=PATIENCE, trust_env=False) as client_too,
                pytest.raises(httpx.TransportError),
            ):
                send(client, address, 0, killed(), Content_Length=str(len(content)))
    finally:
        first.process.kill()
        first.process.communicate()
    second = ServerProcess(tmp_path)
    try:
        url = second.url()
        uploader = uploading(httpx.URL(url), content, url=f"{url}{address}", chunk_size=5 << 20)
        assert uploader.offset == 2 * PIECE_BYTES
        uploader.upload()
        with httpx.Client(base_url=url, timeout=PATIENCE, trust_env=False) as client:
            recording = client.get(uploader.request.response_headers["diarist-recording"]).json()
        assert recording["sha256"] == hashlib.sha256(content).hexdigest()
    finally:
        second.process.kill()
        second.process.communicate()
