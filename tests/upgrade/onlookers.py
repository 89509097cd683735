"""Those who read while programs are replaced: some ask again and again, some follow the stream of events."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from access_keys import bearing
from diarist.live.told import OPENED
from event_streams import streaming

_TIMEOUT = httpx.Timeout(45.0, connect=10.0)
_PAUSE = 0.25
"""Seconds between two questions."""
_AGAIN = 0.5
"""Seconds until a question that came to nothing is asked once more, or a stream that ended is opened again."""
_PAGE = 7
"""Items of a page; few, so that lists have many."""


@dataclass(slots=True)
class Asked:
    """What became of questions."""

    answered: Counter[int] = field(default_factory=Counter)
    """By status."""
    failures: Counter[str] = field(default_factory=Counter)
    """Tries that came to nothing, by what was seen."""
    unanswered: list[str] = field(default_factory=list)
    """Questions that the second try did not get answered either."""


class Reader(threading.Thread):
    """Pages through lists by their cursors, and looks at what it finds there."""

    def __init__(self, base: str, key: str, seed: int, ended: threading.Event) -> None:
        super().__init__(name=f"reader {seed}", daemon=True)
        self.asked = Asked()
        self._client = httpx.Client(base_url=base, headers=bearing(key), timeout=_TIMEOUT, trust_env=False)
        self._random, self._ended = random.Random(seed), ended
        self._cursors: dict[str, str | None] = {}

    def run(self) -> None:
        with self._client:
            while not self._ended.wait(_PAUSE):
                path = self._random.choice(("/v1/jobs", "/v1/recordings", "/v1/entries"))
                for item in self._page(path)[:2]:
                    self._ask(f"{path}/{item['id']}")
                    if path == "/v1/recordings":
                        self._ask(f"{path}/{item['id']}/transcript")

    def _page(self, path: str) -> list[dict[str, str]]:
        """The next page of a list, behind the cursor that whoever answered last time gave."""
        cursor = self._cursors.get(path)
        answer = self._ask(path, limit=_PAGE, **({"cursor": cursor} if cursor else {}))
        if answer is None or not answer.is_success:
            return []
        page = answer.json()
        self._cursors[path] = page["next_cursor"]
        items: list[dict[str, str]] = page["items"]
        return items

    def _ask(self, path: str, **query: str | int) -> httpx.Response | None:
        for _ in range(2):
            try:
                answer = self._client.get(path, params=query)
            except httpx.HTTPError as error:
                self.asked.failures[type(error).__name__] += 1
            else:
                # What is not there yet, such as a transcript, is an answer as well.
                if answer.is_success or answer.status_code == httpx.codes.NOT_FOUND:
                    self.asked.answered[answer.status_code] += 1
                    return answer
                self.asked.failures[f"{answer.status_code} {answer.json().get('code')}"] += 1
            self._ended.wait(_AGAIN)
        self.asked.unanswered.append(path)
        return None


class Follower(threading.Thread):
    """Follows all that happens, and goes on behind the last event it was told when its stream ends."""

    def __init__(self, base: str, key: str, ended: threading.Event) -> None:
        super().__init__(name=f"follower at {base}", daemon=True)
        self.told: list[tuple[int, str]] = []
        """Positions and kinds of the events that have one, in the order in which they came."""
        self.since: int | None = None
        """The position at which it began to listen."""
        self.streams = 0
        """How often a stream was opened."""
        self.refused: Counter[str] = Counter()
        """Streams that could not be opened."""
        self.crash: str | None = None
        self._client = httpx.Client(base_url=base, headers=bearing(key), timeout=_TIMEOUT, trust_env=False)
        self._ended = ended
        self._last: str | None = None

    def run(self) -> None:
        while not self._ended.is_set():
            try:
                self._follow()
            except httpx.HTTPError as error:
                # A stream that is cut is no failure: that is what positions are for.
                self.refused[type(error).__name__] += 1
            except Exception as error:  # noqa: BLE001 - told among the findings
                self.crash = f"{type(error).__name__}: {error}"[:300]
                return
            self._ended.wait(_AGAIN)
        self._client.close()

    def caught_up(self, position: int) -> Callable[[], bool]:
        """Whether it has been told the event at a position."""
        return lambda: self.crash is not None or (bool(self.told) and self.told[-1][0] >= position)

    def _follow(self) -> None:
        with streaming(self._client, after=self._last) as stream:
            self.streams += 1
            for event in stream:
                if event.id is None:
                    continue
                self._last = event.id
                if event.kind == OPENED:
                    self.since = int(event.id) if self.since is None else self.since
                else:
                    self.told.append((int(event.id), event.kind))
                if self._ended.is_set():
                    return
