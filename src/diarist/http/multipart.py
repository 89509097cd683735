"""Finds the one file in a multipart/form-data body (RFC 7578) and hands it on as it arrives, never whole in memory."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Collection, Mapping
from dataclasses import dataclass, field
from email.message import Message

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError

from diarist.http.errors import InvalidRequest, MalformedRequest

FIELD = "file"
MAX_OTHER_BYTES = 64 * 1024
"""Bytes of everything in the body that is not the file."""
_HEADER_BYTES = 8 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way in."""

    filename: str
    pieces: AsyncIterator[bytes]
    texts: Mapping[str, str] = field(default_factory=dict)
    """The fields of the form that were asked for; one that came more than once, line by line.

    Those that come after the file are here once its pieces have been read to the end.
    """


@dataclass(frozen=True, slots=True)
class _Part:
    name: str | None
    filename: str | None


async def uploaded_file(
    body: AsyncIterable[bytes], content_type: str, wanted: Collection[str] = (), *, name: str = FIELD, any_order: bool = False
) -> Upload:
    """Read up to the file's first byte; its pieces must be read to the end, for only that shows that the body was whole.

    `wanted`: names of fields of text, which have to come before the file unless they may come in `any_order`; others are
    passed over. `name`: the file's field.

    Both raise `MalformedRequest` or `InvalidRequest`.
    """
    events = _events(body, _boundary(content_type))
    form = _Form(wanted, name, any_order=any_order)
    filename = await _filename(events, form)
    return Upload(filename, _pieces(events, form), form.texts())


class _Form:
    """The fields of text, as they are found."""

    def __init__(self, wanted: Collection[str], file: str, *, any_order: bool) -> None:
        self.wanted, self.file, self.any_order = wanted, file, any_order
        self._found: dict[str, list[bytearray]] = {}
        self._texts: dict[str, str] = {}

    def begin(self, name: str) -> bytearray:
        """Where the bytes of the next part go; nobody looks at those of a part that is not wanted."""
        text = bytearray()
        if name in self.wanted:
            self._found.setdefault(name, []).append(text)
        return text

    def texts(self) -> Mapping[str, str]:
        """What has been found by now; later calls fill the same mapping."""
        self._texts.update({name: _text(name, values) for name, values in self._found.items()})
        return self._texts


async def _filename(events: AsyncIterator[_Part | bytes], form: _Form) -> str:
    """Go to the file's part; what comes before it goes into the form."""
    other, text = 0, bytearray()
    async for event in events:
        if isinstance(event, bytes):
            other = _bounded(other + len(event))
            text += event
            continue
        if event.name == form.file:
            if event.filename is None:
                raise InvalidRequest(
                    f"the field `{form.file}` holds text, not a file", advice=f"With curl: -F {form.file}=@memo.m4a (mind the @)."
                )
            return event.filename
        text = form.begin(event.name or "")
    raise InvalidRequest(f"there is no field `{form.file}` in the body", advice=f"With curl: -F {form.file}=@memo.m4a")


def _text(name: str, values: list[bytearray]) -> str:
    try:
        return "\n".join(value.decode() for value in values)
    except UnicodeDecodeError as error:
        raise InvalidRequest(f"the field `{name}` is not UTF-8") from error


async def _pieces(events: AsyncIterator[_Part | bytes], form: _Form) -> AsyncIterator[bytes]:
    """The bytes of the part that the events stand at; the rest of the body is read and must not hold a second file."""
    at_file, other, text = True, 0, bytearray()
    async for event in events:
        if isinstance(event, _Part):
            at_file = False
            if event.name == form.file:
                raise InvalidRequest(f"there is more than one field `{form.file}`", advice="Send one recording a request.")
            if event.name in form.wanted and not form.any_order:
                raise InvalidRequest(f"the field `{event.name}` comes after the file", advice="Put it before the file.")
            text = form.begin(event.name or "")
        elif at_file:
            yield event
        else:
            other = _bounded(other + len(event))
            text += event
    form.texts()


async def _events(body: AsyncIterable[bytes], boundary: str) -> AsyncIterator[_Part | bytes]:
    """Each part's headers and then its bytes; raises `MalformedRequest`, also when the body ends too early."""
    parsed = _Parsed(boundary)
    epilogue = 0
    async for data in body:
        if parsed.complete:
            epilogue = _bounded(epilogue + len(data))
            continue
        for event in parsed.feed(data):
            yield event
    if not parsed.complete:
        raise MalformedRequest("the body ends in the middle of a part", advice="Send it again; nothing was stored.")


class _Parsed:
    """Collects what the parser's callbacks say."""

    def __init__(self, boundary: str) -> None:
        self.complete = False
        self._events: list[_Part | bytes] = []
        self._name = self._value = b""
        self._disposition: str | None = None
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_header_field": self._header_name,
                    "on_header_value": self._header_value,
                    "on_header_end": self._header_end,
                    "on_headers_finished": self._headers_finished,
                    "on_part_data": self._part_data,
                    "on_end": self._end,
                },
                max_header_size=_HEADER_BYTES,
            )
        except FormParserError as error:
            raise MalformedRequest(f"the boundary cannot be used: {error}") from error

    def feed(self, data: bytes) -> list[_Part | bytes]:
        """What the next bytes of the body hold."""
        self._events = []
        try:
            self._parser.write(data)
        except FormParserError as error:
            raise MalformedRequest(f"the body is not multipart/form-data: {error}") from error
        return self._events

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        if self._name.lower() == b"content-disposition":
            self._disposition = self._value.decode("utf-8", errors="replace")
        self._name = self._value = b""

    def _headers_finished(self) -> None:
        self._events.append(_part(self._disposition or ""))
        self._disposition = None

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        self._events.append(data[start:end])

    def _end(self) -> None:
        self.complete = True


def _part(disposition: str) -> _Part:
    message = Message()
    message["Content-Disposition"] = disposition
    try:
        name = message.get_param("name", header="Content-Disposition")
        filename = message.get_filename()
    except (TypeError, ValueError) as error:  # of names in pieces, of which some are numbered; of encodings that are none
        raise MalformedRequest("the name of a part cannot be read") from error
    return _Part(name if isinstance(name, str) else None, _unescaped(filename) if filename is not None else None)


def _unescaped(filename: str) -> str:
    """Undo the three escapes with which browsers keep a name from breaking the header (WHATWG HTML, multipart/form-data)."""
    return filename.replace("%0A", "\n").replace("%0D", "\r").replace("%22", '"')


def _boundary(content_type: str) -> str:
    message = Message()
    message["Content-Type"] = content_type
    try:
        boundary = message.get_boundary()
    except (TypeError, ValueError) as error:  # as in `_part`
        raise MalformedRequest("the boundary cannot be read") from error
    if not boundary:
        raise MalformedRequest("the content type multipart/form-data names no boundary", advice="Let your HTTP client set it.")
    return boundary


def _bounded(size: int) -> int:
    if size > MAX_OTHER_BYTES:
        raise MalformedRequest(f"the body holds more than {MAX_OTHER_BYTES:,} bytes besides the file")
    return size
