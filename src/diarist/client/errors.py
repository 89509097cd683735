"""What can go wrong between a program and a server of Diarist; what the server refuses are the errors of `diarist.errors`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from diarist.errors import DiaristError, Misconfigured, Unavailable, error_classes


class ServerUnreachable(Unavailable):
    """The server cannot be reached, or did not answer."""

    code = "server_unreachable"
    advice = "Check the address (DIARIST_API_URL), that the server runs, and that it can be reached from here."


class AnswerCut(ServerUnreachable):
    """The connection broke before the answer was whole."""

    code = "answer_cut"
    advice = "Try again in a moment; nobody knows whether the request was carried out."


class UnexpectedAnswer(DiaristError):
    """The answer is none of Diarist's."""

    code = "unexpected_answer"
    advice = "Check that the address is that of a Diarist server, of a version that fits, and what stands in front of it."


class AddressMissing(Misconfigured):
    """It is not said where the server is."""

    code = "address_missing"
    advice = "Give the address, such as http://127.0.0.1:8000, or set DIARIST_API_URL."


class UploadInterrupted(Unavailable):
    """The upload could not be brought to its end."""

    code = "upload_interrupted"
    advice = "What has arrived is kept for a day: add the same file with `resume=` the id of the upload, or add it again."

    def __init__(self, upload_id: str, offset: int, reason: str) -> None:
        """`offset`: bytes that are durable, as far as is known."""
        super().__init__(f"after {offset:,} bytes: {reason}")
        self.upload_id, self.offset = upload_id, offset


@dataclass(frozen=True, slots=True, kw_only=True)
class InvalidField:
    """A part of the request that was not accepted."""

    place: str
    """`path`, `query`, `header` or `body`."""
    name: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What the server answered instead of what was asked for (RFC 9457)."""

    type: str
    title: str
    """The kind of problem in one sentence."""
    status: int
    detail: str
    """This very problem, for people; the `message` of the error."""
    instance: str
    """The path that was asked for."""
    code: str
    request_id: str
    """Also in the server's log."""
    advice: str
    fields: Sequence[InvalidField] | None = None
    """The parts of the request that were not accepted, when that is what is wrong."""


class Refused(Exception):
    """The cause of every error that a server answered with."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.status} {problem.code}, request {problem.request_id}")
        self.problem = problem


def problem_of(error: BaseException) -> Problem | None:
    """What the server said, word for word; None for an error that no server answered with."""
    return error.__cause__.problem if isinstance(error.__cause__, Refused) else None


def error_of(
    code: str, message: str | None = None, advice: str | None = None, family: type[DiaristError] = DiaristError
) -> DiaristError:
    """The error with this code, in its own words if there are no others; of `family` where the code is not known here."""
    named = error_classes().get(code, family)
    # One that is made of more than words cannot be made of words alone.
    plain = next(cls for cls in named.__mro__ if cls.__init__ is DiaristError.__init__)  # type: ignore[misc]  # of a class
    error: DiaristError = plain(message, advice=advice)
    error.code = code  # type: ignore[misc]  # what was said is told on, also where the class does not know it
    return error
