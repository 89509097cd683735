"""One server that speaks OpenAI's POST /v1/audio/transcriptions: asked with patience, its troubles in our words."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

import httpx
import msgspec

from diarist import __version__
from diarist.domain.manner import SpeechTask
from diarist.errors import EngineBusy, EngineFailed, EngineRefused, EngineUnreachable, Misconfigured, ModelUnavailable

Fields = Mapping[str, str | Sequence[str]]
"""Form fields; several values are sent as several fields of the same name."""

_PATHS = {SpeechTask.TRANSCRIBE: "transcriptions", SpeechTask.TRANSLATE: "translations"}
_TRIES = 4
_LONGEST_WAIT = 30.0
"""Seconds between two tries; who has to wait longer lets others work meanwhile."""
_PATIENCE: Final = 540.0
"""Seconds for all tries; a child that says nothing for ten minutes is taken for dead."""
_MAX_ANSWER = 16 * 2**20
"""Bytes; two minutes of speech are some ten thousand."""
_GATEWAY_TROUBLE = {502, 503, 504}
_TOO_SLOW, _TOO_MANY, _TOO_LARGE = 408, 429, 413
_MISUNDERSTOOD = {400, 415, 422}
_FORM_OF_ANSWER = ("response_format", "verbose_json", "timestamp_granularities", "include[", "logprobs")
"""What a refusal speaks of when it is about the answer's form, not about the sound."""


class TooLargeForServer(Exception):
    """413: there is a limit, and it is not told."""


class FieldRefused(Exception):
    """It does not know one of the fields that say what to answer."""


@dataclass(frozen=True, slots=True)
class _Trouble:
    error: EngineFailed
    wait: float | None = None
    """Seconds, as the server asks for."""


class TranscriptionServer:
    """Keeps its connection open; not for several threads."""

    def __init__(self, url: str, api_key: str = "", *, timeout: float = 300.0, first_wait: float = 1.0) -> None:
        """`timeout`: seconds for one answer. `first_wait`: seconds before the second try; they double with each."""
        self._base = _base(url)
        self._timeout, self._first_wait = timeout, first_wait
        if not (api_key.isascii() and api_key.isprintable()):
            raise Misconfigured("DIARIST_ENGINE__SERVER__API_KEY holds characters that no header can carry.")
        headers = {"User-Agent": f"diarist/{__version__}", **({"Authorization": f"Bearer {api_key}"} if api_key else {})}
        # The operator's own proxies and certificates count; a redirect would carry the sound to somebody who was not chosen.
        self._client = httpx.Client(headers=headers, timeout=httpx.Timeout(timeout, connect=10.0), follow_redirects=False)

    def hear(self, flac: bytes, fields: Fields, task: SpeechTask = SpeechTask.TRANSCRIBE) -> bytes:
        """The body of the answer. Raises `TooLargeForServer`, `FieldRefused`, `Misconfigured` and families of `EngineFailed`."""
        deadline = time.monotonic() + _PATIENCE
        tries = 0
        while True:
            tries += 1
            answer = self._asked(flac, fields, _PATHS[task])
            if isinstance(answer, bytes):
                return answer
            backoff = self._first_wait * 2 ** (tries - 1) * random.uniform(0.5, 1.0)  # noqa: S311  # spreads those who ask
            wait = backoff if answer.wait is None else answer.wait
            if answer.wait is not None:
                answer.error.retry_after = max(answer.wait, 1.0)
            out_of_time = wait > _LONGEST_WAIT or time.monotonic() + wait + self._timeout > deadline
            if tries == _TRIES or not answer.error.retryable or out_of_time:
                raise answer.error
            time.sleep(wait)

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _asked(self, flac: bytes, fields: Fields, path: str) -> bytes | _Trouble:
        files = {"file": ("chunk.flac", flac, "audio/flac")}
        try:
            with self._client.stream("POST", self._base + path, data=dict(fields), files=files) as response:
                body = _read(response)
        except httpx.ConnectError as error:
            return _Trouble(EngineUnreachable(f"The server cannot be reached: {_why(error)}."))
        except httpx.TimeoutException as error:
            return _Trouble(EngineUnreachable(f"The server did not answer in time ({type(error).__name__})."))
        except httpx.HTTPError as error:
            return _Trouble(EngineUnreachable(f"The connection to the server broke: {_why(error)}."))
        return body if response.is_success else _trouble(response, body)


def _base(url: str) -> str:
    try:
        base = httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise Misconfigured("DIARIST_ENGINE__SERVER__URL is not an address.") from error
    if base.scheme not in {"http", "https"} or not base.host:
        advice = "Set DIARIST_ENGINE__SERVER__URL to the base of its API, such as http://localhost:8080/v1."
        raise Misconfigured("The engine `openai-compatible` needs the address of a server.", advice=advice)
    return str(base.copy_with(path=(base.path.rstrip("/") or "/v1") + "/audio/"))


def _read(response: httpx.Response) -> bytes:
    body = bytearray()
    for piece in response.iter_bytes():
        body += piece
        if len(body) > _MAX_ANSWER:
            raise EngineFailed("The server's answer is too long to be one.")
    return bytes(body)


def _trouble(response: httpx.Response, body: bytes) -> _Trouble:  # a table with words in it
    status, said = response.status_code, _said(body)
    told = f"The server answered {status}" + (f": {said}" if said else "")
    if status in {401, 403}:  # what it says may repeat the key
        advice = "Check DIARIST_ENGINE__SERVER__API_KEY, and what the key may do; then `diarist retry`."
        raise Misconfigured(f"The server does not let us in ({status}).", advice=advice)
    if response.is_redirect:
        advice = "Redirects are not followed. Let DIARIST_ENGINE__SERVER__URL name the place itself."
        raise Misconfigured(f"The server sends us elsewhere ({status}).", advice=advice)
    if status == _TOO_LARGE:
        raise TooLargeForServer
    if status in _MISUNDERSTOOD and any(field in said for field in _FORM_OF_ANSWER):
        raise FieldRefused(told)
    if status == _TOO_MANY and "insufficient_quota" in body.decode(errors="replace"):
        raise Misconfigured("The account at the server has no credit left.", advice="Fill it up, then `diarist retry`.")
    if status == _TOO_MANY:
        return _Trouble(EngineBusy(told), _retry_after(response))
    if status in _GATEWAY_TROUBLE:
        return _Trouble(EngineUnreachable(told), _retry_after(response))
    if status == httpx.codes.NOT_FOUND:
        advice = "Check DIARIST_ENGINE__SERVER__URL, which usually ends with /v1, and DIARIST_ENGINE__MODEL."
        return _Trouble(ModelUnavailable(told, advice=advice))
    if status == _TOO_SLOW or response.is_server_error:
        return _Trouble(EngineFailed(told), _retry_after(response))
    return _Trouble(EngineRefused(told))


def _said(body: bytes) -> str:
    """The message of OpenAI's error object, or of FastAPI's; shortened, in one line."""
    try:
        answer: Any = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
    error = answer.get("error", answer.get("detail")) if isinstance(answer, dict) else None
    message = f"{error.get('message')} {error.get('param') or ''}" if isinstance(error, dict) else error
    text = message if isinstance(message, str) else "" if message is None else str(message)
    return "".join(character if character.isprintable() else " " for character in text).strip()[:300]


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds, whichever of its two forms the header has; None without it."""
    value = response.headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:6])
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _why(error: httpx.HTTPError) -> str:
    return (str(error) or type(error).__name__).rstrip(".")
