"""A server with OpenAI's POST /v1/audio/transcriptions and translations; it counts as long as the sound lasts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar, Literal

from diarist.audio.flac import flac_samples
from diarist.domain.audio import SAMPLE_RATE
from threaded_server import serving

WORD_SECONDS = 0.4
SENTENCE = 10
"""Words of a segment."""
_NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True)
class Request:
    """What came."""

    path: str
    headers: dict[str, str]
    """By small letters."""
    fields: dict[str, list[str]]
    file: bytes
    seconds: float


@dataclass
class Dialect:
    """How it differs from others of its kind, and what goes wrong."""

    words: Literal["bare", "spaced", "in segments", "none", "other"] = "bare"
    """`bare` is OpenAI's own: small letters, no punctuation, one list beside the segments."""
    forms: tuple[str, ...] = ("verbose_json", "json")
    """Values of `response_format` that it knows."""
    ignores_form: bool = False
    """Answers `json` whatever it is asked for."""
    logprobs: bool = True
    language: str | None = "english"
    max_bytes: int = 25 * 2**20
    troubles: list[tuple[int, dict[str, str], dict[str, Any] | str]] = field(default_factory=list)
    """Status, headers and body of the next answers."""
    requests: list[Request] = field(default_factory=list)
    too_large: int = 0
    """Requests beyond `max_bytes`."""


class _Server(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    dialect: ClassVar[Dialect]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if len(body) > self.dialect.max_bytes:
            self.dialect.too_large += 1
            self.answer(413, {"error": {"message": "Maximum content size limit exceeded", "type": "server_error"}})
            return
        message = message_from_bytes(b"Content-Type: " + self.headers["Content-Type"].encode() + b"\r\n\r\n" + body, policy=HTTP)
        fields: dict[str, list[str]] = {}
        file = b""
        for part in message.iter_parts():
            name, content = part.get_param("name", header="content-disposition"), part.get_payload(decode=True)
            assert isinstance(content, bytes)
            if part.get_filename():
                file = content
            else:
                fields.setdefault(str(name), []).append(content.decode())
        headers = {key.lower(): value for key, value in self.headers.items()}
        seconds = len(flac_samples(file)) / SAMPLE_RATE
        self.dialect.requests.append(Request(self.path, headers, fields, file, seconds))
        if self.dialect.troubles:
            status, extra, answer = self.dialect.troubles.pop(0)
            self.answer(status, answer, extra)
        elif self.path not in {"/v1/audio/transcriptions", "/v1/audio/translations"} or fields["model"] != ["whisper-1"]:
            self.answer(
                404, {"error": {"message": f"The model '{fields['model'][0]}' does not exist", "code": "model_not_found"}}
            )
        elif (form := fields["response_format"][0]) not in self.dialect.forms:
            message_ = f"response_format '{form}' is not compatible with model 'whisper-1'. Use 'json' or 'text' instead."
            self.answer(400, {"error": {"message": message_, "type": "invalid_request_error", "param": "response_format"}})
        elif form == "json" or self.dialect.ignores_form:
            self.answer(200, self.short(seconds, logprobs=self.dialect.logprobs and "include[]" in fields))
        else:
            self.answer(200, self.verbose(seconds, fields))

    def short(self, seconds: float, *, logprobs: bool) -> dict[str, Any]:
        said = said_in(seconds)
        answer: dict[str, Any] = {"text": written(said), "usage": {"type": "duration", "seconds": round(seconds)}}
        if logprobs:
            answer["logprobs"] = [{"token": word, "logprob": -0.1, "bytes": list(word.encode())} for word in said]
        return answer

    def verbose(self, seconds: float, fields: dict[str, list[str]]) -> dict[str, Any]:
        said = said_in(seconds)
        timed = [
            {"word": word, "start": place * WORD_SECONDS, "end": (place + 1) * WORD_SECONDS} for place, word in enumerate(said)
        ]
        segments: list[dict[str, Any]] = []
        for first in range(0, len(said), SENTENCE):
            words = timed[first : first + SENTENCE]
            segment: dict[str, Any] = {
                "id": len(segments),
                "seek": 0,
                "start": words[0]["start"],
                "end": words[-1]["end"],
                "text": " " + written(said[first : first + SENTENCE]),
                "tokens": [50364],
                "temperature": 0.0,
            }
            if self.dialect.logprobs:
                segment |= {"avg_logprob": -0.2, "compression_ratio": 1.3, "no_speech_prob": 0.01}
            if self.dialect.words == "in segments":
                segment["words"] = [{**word, "word": f" {word['word']}", "probability": 0.9} for word in words]
            segments.append(segment)
        answer = {"task": "transcribe", "duration": seconds, "text": written(said), "segments": segments}
        if self.dialect.language:
            answer["language"] = self.dialect.language
        if "word" in fields.get("timestamp_granularities[]", []) and self.dialect.words in {"bare", "spaced", "other"}:
            style = {"bare": "{}", "spaced": " {}", "other": "{}th"}[self.dialect.words]
            answer["words"] = [{**word, "word": style.format(word["word"])} for word in timed]
        return answer

    def answer(self, status: int, body: dict[str, Any] | str, headers: dict[str, str] | None = None) -> None:
        data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {}), "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


def said_in(seconds: float) -> list[str]:
    """What is heard in a sound of that length."""
    return ["-".join(_NUMBERS[int(digit)] for digit in str(place + 1)) for place in range(int(seconds / WORD_SECONDS))]


def written(words: list[str]) -> str:
    """As sentences, with what is only written."""
    sentences = (words[first : first + SENTENCE] for first in range(0, len(words), SENTENCE))
    return " ".join(", ".join(sentence).capitalize() + "." for sentence in sentences)


@contextmanager
def openai_audio_server(dialect: Dialect | None = None) -> Iterator[str]:
    """Serve; yields the base of its API."""
    handler = type("Server", (_Server,), {"dialect": dialect or Dialect()})
    with serving(handler) as port:
        yield f"http://127.0.0.1:{port}/v1"
