"""Answers that are no answers: problems of the server (RFC 9457), and what something in between says."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import msgspec

from diarist import errors
from diarist.client.errors import Problem, Refused, UnexpectedAnswer, error_of
from diarist.client.steps import Answer
from diarist.errors import DiaristError

_FAMILIES: dict[int, type[DiaristError]] = {
    400: errors.InvalidInput,
    401: errors.Unauthenticated,
    403: errors.NotAllowed,
    404: errors.NotFound,
    409: errors.Conflict,
    410: errors.NotFound,
    412: errors.Conflict,
    413: errors.TooLarge,
    415: errors.InvalidInput,
    416: errors.InvalidInput,
    422: errors.InvalidInput,
    429: errors.LimitReached,
    501: errors.NotSupported,
    502: errors.Unavailable,
    503: errors.Unavailable,
    504: errors.Unavailable,
}
"""Of codes that are not known here."""


def is_error(answer: Answer) -> bool:
    """Whether it is the answer to something that was not done."""
    return answer.status >= 400  # noqa: PLR2004 - the classes of errors


def error_from(answer: Answer, path: str) -> DiaristError:
    """The error that an answer stands for; its `problem_of` is what the server said."""
    problem = _problem(answer)
    if problem is None:
        told = f"{answer.status} for {path}, and not by Diarist"
        family = _FAMILIES.get(answer.status, UnexpectedAnswer)
        # Whatever stands in between may be away for a moment; anything else it says is not about what was asked for.
        return family(f"answered {told}") if issubclass(family, errors.Unavailable) else UnexpectedAnswer(f"answered {told}")
    error = error_of(problem.code, problem.detail, problem.advice, _FAMILIES.get(problem.status, DiaristError))
    error.retry_after = retry_after(answer.headers)
    error.__cause__ = Refused(problem)
    return error


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that the server asks to wait: a number or a date (RFC 9110, 10.2.3); None where it says neither."""
    told = headers.get("retry-after", "").strip()
    try:
        seconds = float(told)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(told) - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError):
            return None
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _problem(answer: Answer) -> Problem | None:
    try:
        return msgspec.json.decode(answer.body, type=Problem)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
