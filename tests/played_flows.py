"""Plays flows of the client without a server: each step is answered by a function, and told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from diarist.client.steps import Answer, Flow, Give, Load, Open, Read, Request, Send, Sleep, Step
from diarist.client.walk import Walk
from diarist.errors import DiaristError

T = TypeVar("T")


@dataclass
class Played(Generic[T]):
    """What a flow did, and what it came to."""

    steps: list[Step] = field(default_factory=list)
    given: list[Any] = field(default_factory=list)
    result: T | None = None

    @property
    def slept(self) -> list[float]:
        """Seconds of each pause."""
        return [step.seconds for step in self.steps if isinstance(step, Sleep)]

    @property
    def asked(self) -> list[Request]:
        """The requests."""
        return [step.request for step in self.steps if isinstance(step, Send | Open)]


def play(flow: Flow[T], answer: Callable[[Request], Answer], read: Callable[[], bytes] = bytes) -> Played[T]:
    """Play to the end; `answer` may raise what a connection comes to, `read` goes on in what is open."""
    played: Played[T] = Played()
    with Walk(flow) as walk:
        while (step := walk.step) is not None:
            played.steps.append(step)
            try:
                came = _taken(step, answer, read, played.given)
            except DiaristError as error:
                walk.fail(error)
            else:
                walk.go_on(came)
        played.result = walk.result
    return played


def _taken(step: Step, answer: Callable[[Request], Answer], read: Callable[[], bytes], given: list[Any]) -> object:
    match step:
        case Send(request) | Open(request):
            return answer(request)
        case Read():
            return read()
        case Load(source, size):
            return source.read(size)
        case Give(item):
            given.append(item)
    return None
