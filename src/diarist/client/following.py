"""Follows streams of events over broken connections, without missing what is written down."""

from __future__ import annotations

import random
from collections.abc import Sequence

import msgspec

from diarist.client.errors import UnexpectedAnswer
from diarist.client.event_stream import MEDIA_TYPE, EventStreamReader
from diarist.client.routes import STREAM_EVENTS, Route
from diarist.client.schemas.events import Event
from diarist.client.steps import BackOff, Flow, Give, Items, Sleep, open_stream, read_on
from diarist.errors import Unavailable

_NO_CONTENT = 204
_RETRY = 2.0
"""Seconds after which to connect again, where the stream has not said."""


class Stream:
    """One stream over its connections, one after the other."""

    def __init__(self, route: Route[bytes], after: str | None = None, **path: object) -> None:
        """`after`: the id of the last event that is known."""
        self._route, self._path = route, path
        self.after = after
        self._reader = EventStreamReader()

    def connect(self, seconds: float | None = None) -> Flow[bool]:
        """Whether there is anything to be told; the server ends the stream after so many `seconds`. Raises `DiaristError`."""
        known = {} if self.after is None else {"Last-Event-ID": self.after}
        answer = yield from open_stream(self._route.request(self._path, query={"seconds": seconds}, headers=known))
        self._route.read(answer)
        if answer.status == _NO_CONTENT:
            return False
        if not answer.headers.get("content-type", "").startswith(MEDIA_TYPE):
            raise UnexpectedAnswer(f"{self._route.path} is no stream of events")
        self._reader = EventStreamReader()
        return True

    def told(self) -> Flow[Sequence[Event] | None]:
        """What is told next, at times nothing; None at the end of the connection. Raises `AnswerCut`, `UnexpectedAnswer`."""
        piece = yield from read_on()
        if not piece:
            return None
        events = []
        for message in self._reader.feed(piece):
            try:
                events.append(msgspec.json.decode(message.data, type=Event))
            except msgspec.DecodeError as error:
                raise UnexpectedAnswer(f"{self._route.path} told no event: {error}") from error
            self.after = message.id or self.after
        return events

    def pause(self) -> Sleep:
        """Before connecting again: as long as the server said, and not all at the same moment."""
        seconds = _RETRY if self._reader.retry is None else self._reader.retry
        return Sleep(seconds * random.uniform(0.5, 1.0))  # noqa: S311 - spreads load, protects nothing


def follow(after: str | None = None) -> Items:
    """What happens in the account, as it happens, for ever: each an `Event`.

    `after` is the `id` of the last event that you know: what came after it is told first, as it is after a broken connection,
    which is made again. Raises `DiaristError` when the first connection cannot be made, or the server refuses a later one.
    """
    stream, failures, connected = Stream(STREAM_EVENTS, after), 0, False
    while True:
        try:
            yield from stream.connect()
            connected = True
            while (events := (yield from stream.told())) is not None:
                for event in events:
                    failures = 0
                    yield Give(event)
        except Unavailable:
            if not connected:
                raise
        failures += 1
        yield stream.pause() if failures == 1 else BackOff(failures)
