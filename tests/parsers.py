"""Every parser of ours that reads what strangers write, with what it is meant to read: the material of fuzzing."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.datastructures import Headers, QueryParams

from diarist.accounts.keys.secret import is_well_formed
from diarist.accounts.sign_in.attempt import Attempt
from diarist.adapters.transcription_engines import openai_wire
from diarist.audio.header import read_header
from diarist.child import wire
from diarist.cli.edit_sheet import changes
from diarist.client.event_stream import EventStreamReader
from diarist.compat.deepgram.options import read_options
from diarist.compat.openai.form import read_form
from diarist.compat.phrases import phrases
from diarist.database import replica
from diarist.diary.due_dates import due_date
from diarist.diary.written import front_matter
from diarist.diary.written.style import read_style
from diarist.domain.audio import Span
from diarist.domain.diary import Entry, Sentence
from diarist.domain.events import decode_event
from diarist.domain.hints import hints_from_texts, listed
from diarist.domain.manner import SpeechTask
from diarist.errors import DiaristError
from diarist.evaluation.references import words_of_text
from diarist.evaluation.timed_references import words_of_ctm, words_of_cues, words_of_json
from diarist.http.authentication import credentials_of
from diarist.http.content_disposition import content_disposition
from diarist.http.dates import IsoDate
from diarist.http.hosts import host_name, refusal
from diarist.http.multipart import uploaded_file
from diarist.http.negotiation import choose
from diarist.http.permissions import needed
from diarist.http.prefer import preferred_wait
from diarist.http.ranges import client_has_it, range_still_holds, requested_range
from diarist.http.request_scope import request_id
from diarist.http.resources import wanted_fields
from diarist.live.current import position
from diarist.live.messages import understood
from diarist.llm.model_file import read_model_file
from diarist.llm.reading import Unusable, read_answer
from diarist.notifications.schedule import read_retry_after
from diarist.recordings.fetching.addresses import read_address
from diarist.recordings.fetching.naming import name_in_disposition, name_in_path
from diarist.recordings.fetching.targets import check
from diarist.recordings.service import display_name
from diarist.recordings.sniff import other_kind
from diarist.recordings.uploads import protocol
from diarist.redis_client import connect
from diarist.settings import EngineSettings, MaskingSettings, Settings
from diarist.storage.location import parse_location
from diarist.telemetry.traceparent import Traceparent

ENTRY_ID = UUID("01890a5d-ac96-774b-bcce-b302099a8057")


class Told(BaseModel):
    """Something that a model may be asked for."""

    title: str
    numbers: list[float] = []
    inner: dict[str, int] = {}


@dataclass(frozen=True, slots=True)
class Parser:
    """What reads text, or bytes, from elsewhere."""

    read: Callable[[Any], object]
    examples: tuple[str, ...] | tuple[bytes, ...]
    """What it understands, and what it has failed on: the beginnings of all that is tried."""
    refuses: tuple[type[Exception], ...] = (DiaristError,)
    """What it says that it raises."""


@cache
def _settings() -> Settings:
    return Settings(data_dir=Path("/nowhere"))


@cache
def _entry() -> Entry:
    sentences = tuple(Sentence(text=text, citations=()) for text in ("We met at the lake.", "It rained."))
    return Entry(
        title="The lake", sentences=sentences, action_items=(), people=(), topics=(), mood=None, language="en", composed_by="x"
    )


async def _form(content_type: str, body: bytes) -> object:
    async def pieces() -> AsyncIterator[bytes]:
        yield body[: len(body) // 2]
        yield body[len(body) // 2 :]

    upload = await uploaded_file(pieces(), content_type, ("title",), any_order=True)
    return upload.filename, b"".join([piece async for piece in upload.pieces]), dict(upload.texts)


def _header(read: Callable[[str], object]) -> Callable[[str], object]:
    """As a server hands headers on: each byte is a character."""
    return lambda text: read(text.encode("latin-1", "replace").decode("latin-1"))


def _run(coroutine: Any) -> object:
    """To its end; nothing here waits for anybody."""
    try:
        while True:
            coroutine.send(None)
    except StopIteration as end:
        return end.value


def _in_file(read: Callable[[Path], object]) -> Callable[[bytes], object]:
    def parsed(content: bytes) -> object:
        with tempfile.NamedTemporaryFile() as file:
            file.write(content)
            file.flush()
            return read(Path(file.name))

    return parsed


def _events(content: bytes) -> object:
    reader = EventStreamReader()
    return [message for at in range(0, len(content), 7) for message in reader.feed(content[at : at + 7])]


def _heard(body: bytes) -> object:
    return list(openai_wire.segments_of(openai_wire.read_answer(body), Span(0.0, 60.0)))


_MODEL_HEAD = (
    b"GGUF\x03\0\0\0" + bytes(8) + b"\x03\0\0\0\0\0\0\0"
    b"\x14\0\0\0\0\0\0\0general.architecture\x08\0\0\0\x05\0\0\0\0\0\0\0llama"
    b"\x14\0\0\0\0\0\0\0llama.context_length\x04\0\0\0\0\x08\0\0"
    b"\x14\0\0\0\0\0\0\0tokenizer.ggml.model"
)
_MODEL_FILE = _MODEL_HEAD + b"\x08\0\0\0\x04\0\0\0\0\0\0\0gpt2"
_ENDLESS_LIST = _MODEL_HEAD + b"\x09\0\0\0\x01\0\0\0" + b"\xff" * 8
_ODD_ALIGNMENT = _MODEL_HEAD[:16] + b"\x01" + bytes(7) + b"\x11\0\0\0\0\0\0\0general.alignment\x06\0\0\0\0\0\x80\x7f"
_ANSWER = (
    b'{"text":"a b","segments":[{"start":0,"end":1,"text":"a b","avg_logprob":-0.1}],"words":[{"word":"a","start":0,"end":1}]}'
)
_WAV = b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x80\x3e\0\0\0\x7d\0\0\x02\0\x10\0data\0\0\0\0"
_FORM_BODY = (
    b'--b\r\nContent-Disposition: form-data; name="title"\r\n\r\nTuesday\r\n'
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\nContent-Type: audio/wav\r\n\r\nsound\r\n--b--\r\n'
)
_TEMPLATE = (
    "---\nname: walks\ndescription: What I saw\nlength: short\nperson: third\nspeaker: Ada\nversion: 2\n---\nTell of trees.\n"
)
_CUES = "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.500\n<i>Hello</i> there\n\n2\n00:03,000 --> 00:04,000\nAgain\n"

PARSERS: dict[str, Parser] = {
    # Headers and parameters of requests.
    "range": Parser(
        _header(lambda text: requested_range(text, 1000)), ("bytes=0-499", "bytes=-500", "bytes=500-", "bytes=0-0,5-6")
    ),
    "if-range": Parser(_header(lambda text: range_still_holds(text, '"a"')), ('"a"', 'W/"a"')),
    "if-none-match": Parser(_header(lambda text: client_has_it(text, '"a"')), ('"a", W/"b"', "*")),
    "accept": Parser(
        _header(lambda text: choose(text, ("application/json", "text/plain"))), ("text/*;q=0.5, */*;q=0.1", "text/plain")
    ),
    "prefer": Parser(_header(lambda text: preferred_wait([text])), ("wait=30", 'respond-async, wait="5"; x=y')),
    "fields": Parser(lambda text: wanted_fields([text], ("id", "title")), ("id,title", "id")),
    "host": Parser(_header(host_name), ("localhost:8000", "[::1]:8000", "diary.example.org")),
    "origin": Parser(_header(lambda text: refusal("localhost", text, {"localhost"})), ("https://localhost:3000", "null")),
    "authorization": Parser(
        lambda text: credentials_of(
            Headers(
                raw=[
                    (name, text.encode("latin-1", "replace")) for name in (b"authorization", b"cookie", b"sec-websocket-protocol")
                ]
            )
        ),
        ("Bearer diarist_secret", "diarist_session=abc; x=y", "diarist.key.abc, diarist"),
    ),
    "path": Parser(lambda text: needed("POST", text), ("/v1/recordings", "/v1/keys/1", "/auth/sign-in")),
    "request id": Parser(_header(request_id), ("abc-123",)),
    "traceparent": Parser(_header(Traceparent.read), (f"00-{'ab' * 16}-{'cd' * 8}-01",)),
    "last-event-id": Parser(_header(position), ("17", "0" * 30, "0" * 20 + "9" * 5000)),
    "key": Parser(_header(is_well_formed), ("diarist_" + "a" * 43,)),
    "sign-in cookie": Parser(_header(Attempt.from_cookie), ("a" * 43 + ".%2Fdiary",)),
    "content-type of a form": Parser(
        _header(lambda text: _run(_form(text, _FORM_BODY))),
        ("multipart/form-data; boundary=b", 'multipart/form-data; boundary="b"'),
    ),
    "disposition of a part": Parser(
        lambda text: _run(
            _form(
                "multipart/form-data; boundary=b",
                b"--b\r\nContent-Disposition: " + text.encode("utf-8", "replace") + b"\r\n\r\nx\r\n--b--\r\n",
            )
        ),
        (
            'form-data; name="file"; filename="a.wav"',
            "form-data; name=file; filename*=utf-8''%41",
            "form-data; name*=x; name*0=y",
        ),
    ),
    "form": Parser(lambda body: _run(_form("multipart/form-data; boundary=b", body)), (_FORM_BODY,)),
    # tus.
    "upload-metadata": Parser(
        _header(protocol.metadata), ("filename YS53YXY=,priority aGlnaA==", "language ZW4=, vocabulary QW5uYQ==")
    ),
    "upload-checksum": Parser(_header(protocol.checksum), ("sha1 Lve95gjOVATpfV8EL5X4nxwjKHE=", "crc32 AAAAAA==")),
    "upload-concat": Parser(_header(protocol.concat), ("partial", f"final;/v1/tus/{ENTRY_ID} /v1/tus/{ENTRY_ID}")),
    "upload-length": Parser(_header(lambda text: protocol.number("Upload-Length", text)), ("100", "0")),
    # What clients say of a recording, and what they want of it.
    "hints": Parser(
        lambda text: hints_from_texts({"language": text, "languages": text, "vocabulary": text}), ("en", "de,en", "Anna, Zürich")
    ),
    "list": Parser(listed, ("de, en", "a\nb")),
    "name of a file": Parser(display_name, ("C:\\memos\\a.wav", "../../etc/passwd")),
    "form of OpenAI": Parser(
        lambda text: read_form(
            dict.fromkeys(("response_format", "temperature", "chunking_strategy", "prompt"), text) | {"model": "whisper-1"},
            SpeechTask.TRANSCRIBE,
            _settings(),
        ),
        ("verbose_json", "0.2", '{"type": "server_vad"}', "auto"),
    ),
    "temperature of OpenAI": Parser(
        lambda text: read_form({"model": "whisper-1", "temperature": text, "language": text}, SpeechTask.TRANSCRIBE, _settings()),
        ("0.2", "1", "nan"),
    ),
    "query of Deepgram": Parser(
        lambda text: read_options(QueryParams(text), _settings()),
        ("model=nova-3&utt_split=0.8&detect_language=true", "encoding=linear16&sample_rate=16000&channels=1", "language=en-US"),
    ),
    "prompt": Parser(phrases, ("Anna, Bert. The lake", "a" * 100)),
    "message of a WebSocket": Parser(
        understood,
        ('{"type": "subscribe", "last_event_id": "12"}', '{"type": "ping"}', f'{{"type":"unsubscribe","job_id":"{ENTRY_ID}"}}'),
    ),
    # Files.
    "head of a file": Parser(other_kind, (b"%PDF-1.7", b"<!doctype html><html>", _WAV)),
    "header of a sound": Parser(
        _in_file(read_header), (_WAV, b"\xff\xfb\x90\x64" + bytes(32) + b"Xing\0\0\0\x03\0\0\0\x09\0\0\0\x09", b"fLaC")
    ),
    "model file": Parser(_in_file(read_model_file), (_MODEL_FILE, _ENDLESS_LIST, _ODD_ALIGNMENT)),
    "template": Parser(read_style, (_TEMPLATE,)),
    "front matter": Parser(front_matter.parse, (_TEMPLATE, "---\n---\n")),
    "edit sheet": Parser(
        lambda text: changes(text, _entry(), ENTRY_ID),
        (f"# entry {ENTRY_ID}, version 1\n1. We met.\n2. It rained.\n  And how.\n",),
    ),
    "reference in text": Parser(words_of_text, ("It rained on Tuesday.",), (DiaristError, ValueError)),
    "reference in JSON": Parser(
        words_of_json, ('{"words": [{"word": "it", "start": 0, "end": 0.5}]}', '[{"text": "it"}]', "[" * 5000), (ValueError,)
    ),
    "reference in CTM": Parser(words_of_ctm, ("a 1 0.5 0.25 it\n",), (ValueError,)),
    "reference in cues": Parser(words_of_cues, (_CUES,), (ValueError,)),
    # What other servers, processes and models answer.
    "answer of a model": Parser(
        lambda text: read_answer(text, Told, None),
        ('```json\n{"title": "a", "numbers": [1e5]}\n```', '{"a":' * 3000),
        (Unusable,),
    ),
    "answer of an engine": Parser(
        _heard,
        (_ANSWER,),
    ),
    "stream of events": Parser(_events, (b"id: 1\r\nevent: a\ndata: {}\rretry: 10\n\n", b"\xef\xbb\xbfdata: x\n\n")),
    "event on the bus": Parser(
        decode_event, (b'{"kind":"job.queued","account_id":"01890a5dac96774bbcceb302099a8057","data":{"a":1}}',), (ValueError,)
    ),
    "head of a frame": Parser(wire.decode_header, (b'{"kind": "call", "body": 2, "payload": 0}\n',), (ValueError,)),
    "body of a frame": Parser(wire.decode_body, (b'{"method": "echo"}',), (ValueError,)),
    "retry-after": Parser(
        _header(lambda text: read_retry_after(text, datetime(2026, 7, 14, tzinfo=UTC))),
        ("120", "Tue, 14 Jul 2026 08:00:00 GMT", "1 Jan 0 0:0"),
    ),
    "name in a disposition": Parser(
        _header(name_in_disposition), ('attachment; filename="a b.mp3"', "inline; filename*=UTF-8''%e2%82%ac.mp3")
    ),
    "name in a path": Parser(name_in_path, ("/a/talk%20one.mp3", "/%ff")),
    "address of a recording": Parser(
        lambda text: check(text, _settings().imports),
        ("https://example.org/talk.mp3", "https://[::1]:443/", "https://ex\u00e4mple.org"),
    ),
    "address of a host": Parser(read_address, ("127.0.0.1", "fe80::1%eth0"), (ValueError,)),
    "position of a replica": Parser(replica.position, ("0/16B3748",)),
    "due words": Parser(
        lambda text: due_date(text, date(2026, 7, 14)),
        ("by next friday", "in three days", "the 21st of August", "the 99999999999999999999th", f"in {'9' * 5000} days"),
    ),
    "day": Parser(TypeAdapter(IsoDate).validate_python, ("2026-07-14", "2026-02-31"), (ValidationError,)),
    # Settings.
    "languages": Parser(lambda text: EngineSettings.model_validate({"languages": text}), ("de,en", "xx"), (ValidationError,)),
    "kinds of what is masked": Parser(
        lambda text: MaskingSettings.model_validate({"kinds": text, "where": text}), ("person,email",), (ValidationError,)
    ),
    "place of blobs": Parser(parse_location, ("file:///folder", "s3://bucket/prefix", "s3://[")),
    "redis": Parser(
        lambda text: connect(text).close(),
        ("redis://host:6379/0", "redis+sentinel://:pw@a:26379,b/service/1", "redis+sentinel://["),
    ),
    "disposition": Parser(content_disposition, ("a.mp3", "\u20ac \ud800.mp3")),
}
