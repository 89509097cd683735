"""What counts as an error in a trace: what an operator would want to see, not what a person mistyped."""

from __future__ import annotations

import asyncio

from diarist.errors import Conflict, DiaristError, InvalidInput, LimitReached, NotAllowed, NotFound, NotSupported

_EXPECTED = (Conflict, InvalidInput, LimitReached, NotAllowed, NotFound, NotSupported)
_LEFT = (asyncio.CancelledError, GeneratorExit)


def kind_of(error: BaseException) -> str | None:
    """A name for machines, of few values and without any content; None when a block was only left early."""
    if isinstance(error, _LEFT):
        return None
    return error.code if isinstance(error, DiaristError) else type(error).__name__


def is_fault(error: BaseException) -> bool:
    """Whether something is wrong here, rather than with what was asked."""
    return not isinstance(error, (*_EXPECTED, *_LEFT))
