"""Gives recordings: small ones in one request, others by tus 1.0.0 in portions that outlast broken connections."""

from __future__ import annotations

import hashlib
import os
from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import BinaryIO
from uuid import UUID

import httpx

from diarist.client.errors import ServerUnreachable, UploadInterrupted, error_of
from diarist.client.problems import error_from, is_error
from diarist.client.recordings import added
from diarist.client.routes import ADD_RECORDING, ADD_TO_UPLOAD, BEGIN_UPLOAD, GET_UPLOAD, LOOK_AT_UPLOAD, ask
from diarist.client.schemas.recordings import Added
from diarist.client.sources import Source
from diarist.client.steps import Answer, BackOff, Flow, Request, load, send
from diarist.domain.hints import Hints, hints
from diarist.domain.job import JobPriority
from diarist.errors import InvalidInput, LimitReached, Unavailable, UnreadableFile

PORTION = 8 << 20
"""Bytes that are held in memory, and sent at once; what a server of ours takes at once, too."""
_CHUNK = "application/offset+octet-stream"
_FRUITLESS = 6
"""Tries in a row that brought no byte further, after which an upload is left for later."""
_MAKING = 40
"""Questions whether the recording has been made, once all has arrived."""
_RECORDING, _JOB = "diarist-recording", "diarist-job"
_TAKEN, _TELLS_OFFSET = 204, frozenset({409, 460, 500, 502, 503, 504})
"""The last: answers after which the server knows how far the upload is."""


@dataclass(frozen=True, slots=True)
class Sent:
    """How far an upload is."""

    bytes: int
    total: int | None
    """None for what has no known length."""

    @property
    def fraction(self) -> float | None:
        """0 to 1; None where the length is not known."""
        return None if self.total is None else min(1.0, self.bytes / self.total) if self.total else 1.0


OnSent = Callable[[Sent], None]


def add(
    recording: str | os.PathLike[str] | bytes | BinaryIO,
    *,
    filename: str | None = None,
    priority: JobPriority | str = JobPriority.NORMAL,
    language: str | None = None,
    languages: Iterable[str] = (),
    vocabulary: Iterable[str] = (),
    on_progress: OnSent | None = None,
    resume: str | UUID | None = None,
    portion: int = PORTION,
) -> Flow[Added]:
    """Give a recording: a path, bytes, or an open binary file; its job begins once all of it is durable.

    The same bytes twice are one recording. `on_progress` is called as bytes leave. A connection that breaks is made again, and
    the upload goes on where it was; raises `UploadInterrupted` when that is of no use, whose `upload_id` is for `resume`.
    `portion`: bytes that are held in memory and sent at once; a recording of fewer is sent in one request.
    """
    known = hints(language, languages, vocabulary)
    source = Source(recording, filename)
    upload = _Upload(source, JobPriority(priority), known, on_progress or (lambda _: None), portion)
    try:
        if resume is not None:
            return (yield from upload.resumed(str(resume)))
        first = yield from load(source, portion)
        return (yield from upload.at_once(first) if len(first) < portion else upload.in_portions(first))
    finally:
        source.close()


class _Upload:
    def __init__(self, source: Source, priority: JobPriority, known: Hints, on_sent: OnSent, size: int) -> None:
        self._source, self._priority, self._on_sent, self._size = source, priority, on_sent, size
        self._texts = _texts(known)
        self._id = ""
        self._offset = 0
        """Bytes that are durable."""

    def at_once(self, content: bytes) -> Flow[Added]:
        """As a form, as browsers send it."""
        form = httpx.Request("POST", "http://form", data=self._texts, files={"file": (self._source.filename, content)})
        body = form.read()
        beside = len(body) - len(content)
        headers = {"Content-Type": form.headers["Content-Type"]}
        request = ADD_RECORDING.request(query={"priority": self._priority.value}, headers=headers)
        answer = yield from send(
            replace(request, body=body, on_sent=lambda count: self._tell(max(0, count - beside), len(content)))
        )
        return added(ADD_RECORDING, answer)

    def in_portions(self, first: bytes) -> Flow[Added]:
        """By tus."""
        size = self._source.size
        length = {"Upload-Defer-Length": "1"} if size is None else {"Upload-Length": str(size)}
        pairs = {"filename": self._source.filename, "priority": self._priority.value, **self._texts}
        metadata = ",".join(f"{key} {b64encode(value.encode()).decode()}" for key, value in pairs.items())
        begun = yield from send(BEGIN_UPLOAD.request(headers={**length, "Upload-Metadata": metadata}))
        BEGIN_UPLOAD.read(begun)
        self._id = _last(begun.headers["location"])
        return (yield from self._go_on(first))

    def resumed(self, upload_id: str) -> Flow[Added]:
        """An upload that was left, from where it is."""
        self._id = upload_id
        answer = yield from self._look()
        length = answer.headers.get("upload-length")
        yield from load(self._source, 0)
        if length is not None and self._source.size not in {None, int(length)}:
            raise InvalidInput(
                f"the upload is of a recording of {int(length):,} bytes", advice="Resume it with the file that it was begun with."
            )
        if _RECORDING in answer.headers:
            return self._added(answer)
        self._source.skip(self._offset)
        return (yield from self._go_on((yield from load(self._source, self._size))))

    def _go_on(self, portion: bytes) -> Flow[Added]:
        start, whole = self._offset, self._source.size
        try:
            while start + len(portion) != whole and len(portion) == self._size:
                yield from self._sent(portion, start, last=False)
                start += len(portion)
                portion = yield from load(self._source, self._size)
            if whole not in {None, start + len(portion)}:
                raise UnreadableFile(f"{self._source.filename} changed while it was read", advice="Add it once it is whole.")
            return self._added((yield from self._recorded((yield from self._sent(portion, start, last=True)))))
        except (Unavailable, LimitReached) as error:
            if isinstance(error, UploadInterrupted):
                raise
            raise UploadInterrupted(self._id, self._offset, error.message) from error

    def _sent(self, portion: bytes, start: int, *, last: bool) -> Flow[Answer]:
        """Send a portion until it is durable; the last answer."""
        end, fruitless = start + len(portion), 0
        while True:
            before = self._offset
            if before < start:
                raise UploadInterrupted(self._id, before, "the server has lost what had arrived")
            try:
                answer = yield from send(self._portion(portion[before - start :], end if last else None))
                if answer.status in _TELLS_OFFSET:
                    reason = error_from(answer, ADD_TO_UPLOAD.path).message
                    answer = yield from self._look()
                else:
                    ADD_TO_UPLOAD.read(answer)
                    self._offset, reason = int(answer.headers["upload-offset"]), "the server takes no more"
            except ServerUnreachable as error:
                reason = error.message
                answer = yield from self._look()
            self._tell(self._offset, self._source.size)
            if self._offset >= end and (not last or self._knows_length(answer)):
                return answer
            fruitless = 0 if self._offset > before else fruitless + 1
            if fruitless >= _FRUITLESS:
                raise UploadInterrupted(self._id, self._offset, reason)
            if fruitless:
                yield BackOff(fruitless)

    def _recorded(self, answer: Answer) -> Flow[Answer]:
        """The answer that names the recording: another server of the fleet may still be making it of the bytes."""
        tries = 0
        while _RECORDING not in answer.headers:
            tries += 1
            if tries > _MAKING:
                raise UploadInterrupted(self._id, self._offset, "all has arrived, and no recording is made of it")
            yield BackOff(tries)
            answer = yield from self._look()
        return answer

    def _portion(self, content: bytes, whole: int | None) -> Request:
        """`whole`: bytes in all, where they are told only now."""
        headers = {
            "Content-Type": _CHUNK,
            "Upload-Offset": str(self._offset),
            "Upload-Checksum": f"sha256 {b64encode(hashlib.sha256(content).digest()).decode()}",
        }
        if whole is not None and self._source.size is None:
            headers["Upload-Length"] = str(whole)
        offset, total = self._offset, self._source.size
        request = ADD_TO_UPLOAD.request({"upload_id": self._id}, headers=headers)
        return replace(request, body=content, on_sent=lambda count: self._tell(offset + count, total))

    def _look(self) -> Flow[Answer]:
        """How far the upload is; raises `UploadInterrupted` when nobody can tell, and why it was refused."""
        try:
            answer = yield from send(LOOK_AT_UPLOAD.request({"upload_id": self._id}))
        except ServerUnreachable as error:
            raise UploadInterrupted(self._id, self._offset, error.message) from error
        if is_error(answer):
            # An answer to HEAD cannot say why.
            found = yield from ask(GET_UPLOAD, upload_id=self._id)
            if found.error_code:
                raise error_of(found.error_code, family=InvalidInput)
            raise error_from(answer, LOOK_AT_UPLOAD.path)
        self._offset = int(answer.headers["upload-offset"])
        return answer

    def _knows_length(self, answer: Answer) -> bool:
        """Whether the server knows how long the upload is: said at first, taken with the last portion, or told by itself."""
        return self._source.size is not None or answer.status == _TAKEN or "upload-length" in answer.headers

    def _tell(self, count: int, total: int | None) -> None:
        self._on_sent(Sent(count, total))

    def _added(self, answer: Answer) -> Added:
        upload_id, recording_id = UUID(self._id), UUID(_last(answer.headers[_RECORDING]))
        # Both ids begin with the moment at which the server made them: one that was known is older than its upload.
        return Added(recording_id=recording_id, job_id=UUID(_last(answer.headers[_JOB])), created=recording_id > upload_id)


def _last(address: str) -> str:
    return address.rpartition("/")[2]


def _texts(known: Hints) -> dict[str, str]:
    """As forms and metadata carry hints."""
    texts = {"language": known.language or "", "languages": ",".join(known.languages), "vocabulary": "\n".join(known.vocabulary)}
    return {name: text for name, text in texts.items() if text}
