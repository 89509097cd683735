"""A flow on its way: at a step, or at its end."""

from __future__ import annotations

from types import TracebackType
from typing import Generic, Self

from diarist.client.steps import Flow, Step, T
from diarist.errors import DiaristError


class Walk(Generic[T]):
    """Begins at once; closed when its context ends."""

    def __init__(self, flow: Flow[T]) -> None:
        self._flow = flow
        self._ended: list[T] = []
        self.step: Step | None = None
        """What is to be done next; None at the end."""
        self.go_on(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._flow.close()

    @property
    def result(self) -> T:
        """What the flow has come to; only at its end."""
        return self._ended[0]

    def go_on(self, came: object) -> None:
        """Tell what came of the step."""
        try:
            self.step = self._flow.send(came)
        except StopIteration as end:
            self._end(end)

    def fail(self, error: DiaristError) -> None:
        """Tell that nothing came of the step; raises what the flow makes of it."""
        try:
            self.step = self._flow.throw(error)
        except StopIteration as end:
            self._end(end)

    def _end(self, end: StopIteration) -> None:
        self.step = None
        self._ended.append(end.value)
