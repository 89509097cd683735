"""Servers that speak OpenAI's chat completions, Anthropic's messages and Mistral's chat over real sockets, with faults."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from threaded_server import serving

INPUT_TOKENS, OUTPUT_TOKENS = 1000, 200
"""What every answer says that it took."""


class Fault(StrEnum):
    """What a server does instead of answering well."""

    NONE = "none"
    TOO_MANY = "429"
    TOO_MANY_LONG = "429 for an hour"
    BROKEN = "500"
    OVERLOADED = "overloaded"
    NO_KEY = "401"
    NO_CREDIT = "402"
    NO_QUOTA = "429 without quota"
    NO_MODEL = "404"
    TOO_LONG = "context overflow"
    BAD_REQUEST = "400"
    SLOW = "slow first byte"
    CUT_SHORT = "cut answer"
    HUNG_UP = "hung up"
    LENGTH = "answer ends at the limit of tokens"
    NO_JSON = "invalid JSON"
    WRONG_SCHEMA = "wrong schema"
    REFUSAL = "refusal"
    NOT_HTTP = "no JSON around the answer"


@dataclass(frozen=True)
class Request:
    """What a server was asked."""

    provider: str
    kind: str
    """`openai`, `anthropic` or `mistral`: the format that it speaks."""
    body: dict[str, Any]
    fault: Fault
    at: float
    authorization: str

    @property
    def text(self) -> str:
        """All that was said to the model, as it came."""
        return json.dumps(self.body, ensure_ascii=False)


@dataclass
class Llms:
    """A server for any number of providers, by the first part of the path; scripts say what happens to the next requests."""

    port: int = 0
    answer: Callable[[Request], Any] = lambda _: {"title": "A long day"}
    scripts: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    always: dict[str, Fault] = field(default_factory=dict)
    """What happens when the script of a provider has ended."""
    requests: list[Request] = field(default_factory=list)
    delay: float = 0.0
    """Seconds before each good answer."""
    slow: float = 3.0
    """Seconds before the first byte of a slow answer."""
    lock: threading.Lock = field(default_factory=threading.Lock)
    closing: threading.Event = field(default_factory=threading.Event)

    def url(self, provider: str, kind: str) -> str:
        """The base URL that a client of this kind is given."""
        return f"http://127.0.0.1:{self.port}/{provider}" + ("" if kind in {"anthropic", "mistral"} else "/v1")

    def script(self, provider: str, *faults: Fault) -> None:
        self.scripts[provider] = deque(faults)

    def asked(self, provider: str | None = None) -> list[Request]:
        return [request for request in self.requests if provider in {None, request.provider}]


@contextmanager
def llm_servers() -> Iterator[Llms]:
    """Start them on a free port."""
    llms = Llms()

    class Handler(_Handler):
        state = llms

    class Server(ThreadingHTTPServer):
        request_queue_size = 256
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Clients that hang up are part of the tests."""

    with serving(Handler, Server) as llms.port:
        try:
            yield llms
        finally:
            llms.closing.set()


class _Handler(BaseHTTPRequestHandler):
    state: Llms
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        provider = self.path.split("/")[1]
        with self.state.lock:
            script = self.state.scripts[provider]
            fault = script.popleft() if script else self.state.always.get(provider, Fault.NONE)
            key = self.headers.get("authorization") or self.headers.get("x-api-key") or ""
            mistral = "mistral" in self.headers.get("user-agent", "")
            kind = "anthropic" if self.path.endswith("/v1/messages") else "mistral" if mistral else "openai"
            request = Request(provider, kind, body, fault, time.monotonic(), key)
            self.state.requests.append(request)
        self._react(request)

    def _react(self, request: Request) -> None:
        if request.fault is Fault.SLOW:
            self.state.closing.wait(self.state.slow)
        elif self.state.delay:
            self.state.closing.wait(self.state.delay)
        if error := _ERRORS.get(request.fault):
            self._send(error.status, error.body(request.kind), error.headers)
        elif request.fault is Fault.HUNG_UP:
            self._hang_up()
        elif request.fault is Fault.NOT_HTTP:
            self._send(200, "<html>welcome to the proxy</html>")
        else:
            answer = _anthropic(request, self.state) if request.kind == "anthropic" else _chat(request, self.state)
            self._send(200, answer, cut=request.fault is Fault.CUT_SHORT)

    def _send(self, status: int, body: Any, headers: dict[str, str] | None = None, *, cut: bool = False) -> None:
        data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "text/html" if isinstance(body, str) else "application/json")
        self.send_header("content-length", str(len(data)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data[: len(data) // 2] if cut else data)
        if cut:
            self.close_connection = True

    def _hang_up(self) -> None:
        """Reset the connection, as a crashing server does."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True


@dataclass(frozen=True)
class _Error:
    status: int
    kind: str
    message: str
    code: str | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def body(self, kind: str) -> dict[str, Any]:
        """As each provider words it: OpenAI, Anthropic ("errors" of its API reference), Mistral."""
        if kind == "anthropic":
            return {"type": "error", "error": {"type": self.kind, "message": self.message}, "request_id": "req_1"}
        if kind == "mistral":
            return {"object": "error", "message": self.message, "type": self.kind, "param": None, "code": self.code}
        return {"error": {"message": self.message, "type": self.kind, "param": None, "code": self.code}}


_ERRORS = {
    Fault.TOO_MANY: _Error(429, "rate_limit_error", "too many", "rate_limit_exceeded", {"retry-after": "1"}),
    Fault.TOO_MANY_LONG: _Error(429, "rate_limit_error", "too many", "rate_limit_exceeded", {"retry-after": "3600"}),
    Fault.BROKEN: _Error(500, "api_error", "it broke"),
    Fault.OVERLOADED: _Error(529, "overloaded_error", "overloaded"),
    Fault.NO_KEY: _Error(401, "authentication_error", "invalid key", "invalid_api_key"),
    Fault.NO_CREDIT: _Error(402, "billing_error", "pay first"),
    Fault.NO_QUOTA: _Error(429, "insufficient_quota", "you exceeded your quota", "insufficient_quota"),
    Fault.NO_MODEL: _Error(404, "not_found_error", "no such model", "model_not_found"),
    Fault.TOO_LONG: _Error(400, "invalid_request_error", "prompt is too long: 300000 tokens > 200000", "context_length_exceeded"),
    Fault.BAD_REQUEST: _Error(400, "invalid_request_error", "unknown parameter", "unknown_parameter"),
}


def _content(request: Request, state: Llms) -> str:
    if request.fault is Fault.NO_JSON:
        return '{"title": "A lo'
    if request.fault is Fault.WRONG_SCHEMA:
        return json.dumps({"headline": 7})
    text = state.answer(request)
    return text if isinstance(text, str) else json.dumps(text)


def _chat(request: Request, state: Llms) -> dict[str, Any]:
    """See https://platform.openai.com/docs/api-reference/chat/object; Mistral's is the same, but for refusals."""
    message: dict[str, Any] = {"role": "assistant", "content": _content(request, state)}
    reason = "stop"
    if request.fault is Fault.REFUSAL:
        message["content"], message["refusal"] = None, "I cannot help with that."
    if request.fault is Fault.LENGTH:
        message["content"], reason = '{"title": "A lo', "length"
    tools = request.body.get("tools")
    if tools and message["content"] is not None:
        call = {"name": tools[0]["function"]["name"], "arguments": message["content"]}
        message |= {"content": "", "tool_calls": [{"id": "call00001", "type": "function", "function": call}]}
        reason = "tool_calls" if reason == "stop" else reason
    usage = {"prompt_tokens": INPUT_TOKENS, "completion_tokens": OUTPUT_TOKENS, "total_tokens": INPUT_TOKENS + OUTPUT_TOKENS}
    return {
        "id": "c1", "object": "chat.completion", "created": 1, "model": request.body["model"], "usage": usage,
        "choices": [{"index": 0, "message": message, "finish_reason": reason}],
    }  # fmt: skip


def _anthropic(request: Request, state: Llms) -> dict[str, Any]:
    """See https://docs.anthropic.com/en/api/messages."""
    content: list[dict[str, Any]] = [{"type": "text", "text": _content(request, state)}]
    reason = "end_turn"
    if request.fault is Fault.REFUSAL:
        content, reason = [{"type": "text", "text": "I cannot help with that."}], "refusal"
    elif request.fault is Fault.LENGTH:
        content, reason = [{"type": "text", "text": '{"title": "A lo'}], "max_tokens"
    elif tools := request.body.get("tools"):
        given = json.loads(text) if (text := content[0]["text"]).endswith("}") else {"text": text}
        content, reason = [{"type": "tool_use", "id": "tu_1", "name": tools[0]["name"], "input": given}], "tool_use"
    return {
        "id": "msg_1", "type": "message", "role": "assistant", "model": request.body["model"], "content": content,
        "stop_reason": reason, "stop_sequence": None,
        "usage": {"input_tokens": INPUT_TOKENS, "output_tokens": OUTPUT_TOKENS},
    }  # fmt: skip
