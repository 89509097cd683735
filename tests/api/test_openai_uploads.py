"""OpenAI's client sends a recording in parts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import httpx
import openai
import pytest
from openai import OpenAI

from diarist.settings import Settings
from openai_client import openai_client
from served import nothing_is_stored, rows_of


@pytest.fixture
def ai(client: httpx.Client) -> Iterator[OpenAI]:
    with openai_client(client) as found:
        yield found


def begin(ai: OpenAI, content: bytes) -> str:
    return ai.uploads.create(bytes=len(content), filename="memo.wav", mime_type="audio/wav", purpose="user_data").id


def test_a_file_is_sent_in_parts_and_becomes_a_recording(
    ai: OpenAI, client: httpx.Client, settings: Settings, memo: Path, tmp_path: Path
) -> None:
    content = memo.read_bytes()
    (tmp_path / "tuesday.wav").write_bytes(content)
    upload = ai.uploads.upload_file_chunked(
        file=tmp_path / "tuesday.wav", mime_type="audio/wav", purpose="user_data", part_size=20_000,
        md5=hashlib.md5(content).hexdigest(),  # noqa: S324 - as the client wants it
    )  # fmt: skip
    assert (upload.status, upload.bytes, upload.filename, upload.purpose) == (
        "completed",
        len(content),
        "tuesday.wav",
        "user_data",
    )
    assert upload.file
    recording = client.get(f"/v1/recordings/{upload.file.id}").json()
    assert (recording["sha256"], recording["filename"]) == (hashlib.sha256(content).hexdigest(), "tuesday.wav")
    assert client.get(f"/v1/recordings/{upload.file.id}/audio").content == content
    assert rows_of(settings, "upload_pieces") == 0


def test_parts_may_come_in_any_order_and_to_complete_twice_does_no_harm(ai: OpenAI, memo: Path) -> None:
    content = memo.read_bytes()
    upload = begin(ai, content)
    second = ai.uploads.parts.create(upload, data=content[10_000:])
    first = ai.uploads.parts.create(upload, data=content[:10_000])
    assert (first.upload_id, first.object) == (upload, "upload.part")
    done = ai.uploads.complete(upload, part_ids=[first.id, second.id])
    again = ai.uploads.complete(upload, part_ids=[first.id, second.id])
    assert done.file
    assert done == again


def test_what_does_not_fit_together_is_refused(ai: OpenAI, settings: Settings, memo: Path) -> None:
    content = memo.read_bytes()
    upload, other = begin(ai, content), begin(ai, content)
    part = ai.uploads.parts.create(upload, data=content)
    half = ai.uploads.parts.create(upload, data=content[:100])
    with pytest.raises(openai.NotFoundError):
        ai.uploads.complete(other, part_ids=[part.id])
    with pytest.raises(openai.BadRequestError, match="announced"):
        ai.uploads.complete(upload, part_ids=[half.id])
    with pytest.raises(openai.BadRequestError, match="once"):
        ai.uploads.complete(upload, part_ids=[part.id, part.id])
    with pytest.raises(openai.BadRequestError, match="MD5"):
        ai.uploads.complete(upload, part_ids=[part.id], md5="0" * 32)
    with pytest.raises(openai.NotFoundError):
        ai.uploads.parts.create("019a0c5e-7a41-7f06-8d15-4f5a2b1f7c02", data=b"sound")
    assert nothing_is_stored(settings) is False  # the parts wait
    assert rows_of(settings, "recordings") == 0
    assert ai.uploads.complete(upload, part_ids=[part.id]).status == "completed"


def test_an_upload_that_is_given_up_is_gone(ai: OpenAI, memo: Path) -> None:
    upload = begin(ai, memo.read_bytes())
    assert ai.uploads.cancel(upload).status == "cancelled"
    with pytest.raises(openai.NotFoundError):
        ai.uploads.cancel(upload)


def test_what_is_no_recording_is_told_when_it_is_complete(ai: OpenAI, settings: Settings) -> None:
    content = b"%PDF-1.7 and so on, and so on"
    upload = begin(ai, content)
    part = ai.uploads.parts.create(upload, data=content)
    for _ in range(2):
        with pytest.raises(openai.BadRequestError) as caught:
            ai.uploads.complete(upload, part_ids=[part.id])
        assert caught.value.code == "unsupported_audio"
    assert rows_of(settings, "recordings") == 0
