"""Trying again: what has not been answered, and what the server asks to send once more; each time later, never all at once."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from diarist.client.errors import AnswerCut, ServerUnreachable
from diarist.client.problems import is_error, retry_after
from diarist.client.steps import Answer, BackOff, Flow, Open, Send, Sleep, T
from diarist.client.walk import Walk
from diarist.errors import DiaristError

_TOO_MANY, _CONFLICT, _UNAVAILABLE = 429, 409, 503
_PASSING = frozenset({502, 504})
"""Statuses of what stands in between; nobody knows what has become of the request."""
_IN_USE = b'"idempotency_key_in_use"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """How patient the client is."""

    tries: int = 5
    """How often a request is made at most."""
    first: float = 0.5
    """Seconds before the second try, at most; the next ones wait up to twice as long each."""
    longest: float = 30.0
    """Seconds that it waits at most; who is asked to wait for longer raises at once."""
    chance: Callable[[], float] = random.random
    """Between 0 and 1: those who failed together do not come back together."""

    def pause(self, failures: int) -> float:
        """Seconds to wait after so many failures in a row."""
        return min(self.longest, self.first * 2.0 ** (failures - 1)) * self.chance()


def retrying(flow: Flow[T], retries: Retries) -> Flow[T]:
    """The same flow, with every request made again where that can help."""
    with Walk(flow) as walk:
        while (step := walk.step) is not None:
            try:
                if isinstance(step, Send | Open):
                    came: object = yield from _persistent(step, retries)
                else:
                    came = yield Sleep(retries.pause(step.failures)) if isinstance(step, BackOff) else step
            except DiaristError as error:
                walk.fail(error)
            else:
                walk.go_on(came)
        return walk.result


def _persistent(step: Send | Open, retries: Retries) -> Flow[Answer]:
    failures = 0
    while True:
        failures += 1
        try:
            answer: Answer = yield step
        except ServerUnreachable as error:
            # A connection that could not be made has carried nothing; of one that broke nobody knows.
            again = step.request.repeatable or not isinstance(error, AnswerCut)
            if not again or failures >= retries.tries:
                raise
            wait: float | None = retries.pause(failures)
        else:
            wait = _wait(answer, retries.pause(failures), repeatable=step.request.repeatable)
            if wait is None or wait > retries.longest or failures >= retries.tries:
                return answer
        yield Sleep(wait or 0.0)


def _wait(answer: Answer, pause: float, *, repeatable: bool) -> float | None:
    """Seconds to wait before the same again; None where that is of no use."""
    if not is_error(answer):
        return None
    asked = retry_after(answer.headers)
    if answer.status == _TOO_MANY:
        # Without a time it is a quota, which no waiting lifts.
        return None if asked is None else asked + pause
    if answer.status == _CONFLICT and _IN_USE in answer.body:
        return (asked or 0.0) + pause
    if answer.status == _UNAVAILABLE and repeatable:
        return (asked or 0.0) + pause
    return pause if answer.status in _PASSING and repeatable else None
