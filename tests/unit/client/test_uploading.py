"""Uploads: whatever breaks on the way, the server has every byte once, in order."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.client import uploading
from diarist.client.errors import AnswerCut, ServerUnreachable, UploadInterrupted
from diarist.client.retrying import Retries, retrying
from diarist.client.schemas.recordings import Added
from diarist.client.steps import Answer, Request
from diarist.client.uploading import Sent
from diarist.errors import InvalidInput, TooLarge, UnreadableFile
from played_flows import Played, play

UPLOAD, RECORDING, JOB = (f"019a0c5e-7a4{digit}-7f06-8d15-4f5a2b1f7c02" for digit in (1, 2, 3))
RETRIES = Retries(chance=lambda: 0.0)


class TusServer:
    """As much of tus as uploads need, with faults before or after the bytes are durable."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = list(faults)
        self.held = b""
        self.length: int | None = None

    def __call__(self, request: Request) -> Answer:
        if request.method == "POST":
            length = request.headers.get("Upload-Length")
            self.length = int(length) if length else None
            return Answer(status=201, headers={"location": f"/v1/tus/{UPLOAD}"})
        if request.method == "HEAD":
            return self._standing(200)
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "away":
            raise ServerUnreachable
        if fault == "cut":
            raise AnswerCut
        if int(request.headers["Upload-Offset"]) != len(self.held):
            return Answer(status=409, headers={}, body=b"{}")
        algorithm, _, digest = request.headers["Upload-Checksum"].partition(" ")
        if fault == "spoiled" or hashlib.new(algorithm, request.body).digest() != b64decode(digest):
            return Answer(status=460, headers={}, body=b"{}")
        self.held += request.body
        if "Upload-Length" in request.headers:
            self.length = int(request.headers["Upload-Length"])
        if fault == "unheard":
            raise AnswerCut
        return self._standing(204)

    def _standing(self, status: int) -> Answer:
        headers = {"upload-offset": str(len(self.held))}
        if self.length is not None:
            headers["upload-length"] = str(self.length)
        if len(self.held) == self.length:
            headers |= {"diarist-recording": f"/v1/recordings/{RECORDING}", "diarist-job": f"http://x/v1/jobs/{JOB}"}
        return Answer(status=status, headers=headers)


class Pipe(BytesIO):
    """What can be read only once."""

    def seekable(self) -> bool:
        return False


def added(server: TusServer, given: bytes | BinaryIO | Path, *, resume: str | None = None) -> Played[Added]:
    flow = uploading.add(given, filename="memo.wav", portion=PORTION, resume=resume)
    return play(retrying(flow, RETRIES), server)


PORTION = 100
DONE = Added(recording_id=UUID(RECORDING), job_id=UUID(JOB), created=True)


@given(
    faults=st.lists(st.sampled_from(["", "away", "cut", "spoiled", "unheard"]), max_size=8),
    size=st.integers(PORTION, 5 * PORTION),
    source=st.sampled_from([bytes, BytesIO, Pipe]),
)
def test_every_byte_arrives_once_whatever_breaks(faults: list[str], size: int, source: type[bytes | BytesIO]) -> None:
    content = bytes(number % 251 for number in range(size))
    server = TusServer(faults)
    left: UploadInterrupted | None = None
    try:
        done = added(server, source(content))
    except UploadInterrupted as error:
        left = error
    if left is not None:
        # Only after as many failures in a row as are borne; what is there is right, and can be gone on from.
        assert len(faults) - len(server.faults) >= 5
        assert (left.upload_id, left.offset) == (UPLOAD, len(server.held))
        if source is Pipe:
            return
        server.faults = []
        done = added(server, source(content), resume=left.upload_id)
    assert server.held == content
    assert done.result == DONE


def test_a_small_recording_is_one_request_under_a_key(tmp_path: Path) -> None:
    file = tmp_path / "Grüße.wav"
    file.write_bytes(b"x" * 99)
    seen: list[Request] = []

    def answer(request: Request) -> Answer:
        seen.append(request)
        assert request.on_sent is not None
        request.on_sent(len(request.body))
        known = {"id": RECORDING, "job": {"id": JOB, "state": "queued"}, "filename": "", "size_bytes": 1, "sha256": ""}
        unknown = ("duration", "speech_seconds", "container", "codec", "sample_rate", "channels", "loudness_lufs", "hints")
        told = known | dict.fromkeys([*unknown, "recorded_at"]) | {"created_at": "2026-11-03T19:20:00Z"}
        return Answer(status=200, headers={}, body=json.dumps(told).encode())

    sent: list[Sent] = []
    done = play(uploading.add(file, vocabulary=["Anna"], on_progress=sent.append, portion=PORTION), answer)
    assert done.result is not None
    assert not done.result.created
    [request] = seen
    assert request.headers["Idempotency-Key"]
    assert b"x" * 99 in request.body
    assert b'name="vocabulary"' in request.body
    assert sent[-1].fraction == 1.0


def test_progress_is_told_and_ends_at_the_whole() -> None:
    sent: list[Sent] = []
    play(uploading.add(b"x" * 250, on_progress=sent.append, portion=PORTION), TusServer([]))
    assert [one.bytes for one in sent] == [100, 200, 250]
    assert sent[-1].fraction == 1.0


def test_another_file_does_not_go_on_with_an_upload() -> None:
    server = TusServer(["", *["cut"] * 9])
    with pytest.raises(UploadInterrupted) as left:
        added(server, b"x" * 300)
    with pytest.raises(InvalidInput, match="300 bytes"):
        added(server, b"x" * 301, resume=left.value.upload_id)


def test_a_file_that_changes_while_it_is_read_is_not_taken_for_whole(tmp_path: Path) -> None:
    file = tmp_path / "growing.wav"
    file.write_bytes(b"x" * 250)
    server = TusServer([])

    def answer(request: Request) -> Answer:
        if request.method == "PATCH":
            file.write_bytes(b"x" * 150)
        return server(request)

    with pytest.raises(UnreadableFile, match="changed"):
        play(uploading.add(file, portion=PORTION), answer)


def test_what_the_server_refuses_is_not_sent_again() -> None:
    refused = {
        "type": "t", "title": "t", "status": 413, "detail": "too much", "instance": "/", "code": "too_large", "request_id": "r",
        "advice": "a",
    }  # fmt: skip
    server = TusServer([])

    def answer(request: Request) -> Answer:
        return server(request) if request.method == "POST" else Answer(status=413, headers={}, body=json.dumps(refused).encode())

    with pytest.raises(TooLarge):
        play(uploading.add(b"x" * 250, portion=PORTION), answer)


def test_a_path_that_is_not_there_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        play(uploading.add(tmp_path / "missing.wav"), TusServer([]))
