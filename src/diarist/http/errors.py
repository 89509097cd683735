"""Errors that only a request can have; they hang in the tree of `diarist.errors`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from diarist.domain.access import Permission
from diarist.errors import Conflict, DiaristError, InvalidInput, LimitReached, NotAllowed, TooLarge, Unavailable
from diarist.http.rates import Verdict


class MalformedRequest(InvalidInput):
    """The request is not well-formed."""

    code = "malformed_request"
    advice = "Check how the request is made; /docs shows each one. Nothing was stored."


class InvalidRequest(InvalidInput):
    """A part of the request has a value that is not accepted."""

    code = "invalid_request"
    advice = "Correct the fields that are named, and try again."


class UnsupportedValue(InvalidRequest):
    """A field has a value that cannot be used here."""

    code = "unsupported_value"
    advice = "Give another value, or leave the field out."

    def __init__(self, field: str = "", message: str | None = None, *, advice: str | None = None) -> None:
        super().__init__(message, advice=advice)
        self.field = field


class UnknownField(InvalidRequest):
    """There is no such field."""

    code = "unknown_field"
    advice = "Name fields of the answer, with commas between them; /docs shows which there are."

    def __init__(self, unknown: Sequence[str], known: Sequence[str]) -> None:
        """`unknown`: what was named; `known`: what could be."""
        super().__init__(f"the answer has no {', '.join(name[:40] for name in unknown[:10])!r}; it has {', '.join(known)}")


class OrderMixed(InvalidRequest):
    """The cursor is of a list in another order."""

    code = "order_mixed"
    advice = "Send the `sort` of the first page along with its cursor, or begin again without a cursor."


class PreconditionFailed(Conflict):
    """It has been changed since it was read."""

    code = "precondition_failed"
    advice = "Nothing was changed. Read it again, see what is new, and send your change with the new `ETag`."


class BodyTooLarge(TooLarge):
    """The body is larger than a request of this kind may be."""

    code = "body_too_large"
    advice = "Send less at once. Recordings have limits of their own, and are sent as files."


class UriTooLong(InvalidInput):
    """The address with its query is longer than is accepted."""

    code = "uri_too_long"
    advice = "Send long values in the body where the request takes one, or ask for less at once."


class HeadersTooLarge(InvalidInput):
    """The headers are larger than is accepted."""

    code = "headers_too_large"
    advice = "Leave out what is not needed, such as cookies of other programs."


class UnsupportedContentEncoding(InvalidInput):
    """The body is compressed in transfer, which is not accepted here."""

    code = "unsupported_content_encoding"
    advice = "Send the body as it is, without `Content-Encoding`; audio is compressed already."


class UnsupportedMediaType(InvalidInput):
    """The body has a content type that is not accepted here."""

    code = "unsupported_media_type"
    advice = "Send the recording as the field `file` of multipart/form-data, or as the body itself with its audio type."


class NotAcceptable(InvalidInput):
    """None of the formats that were asked for can be given."""

    code = "not_acceptable"
    advice = "Ask for another type in `Accept`, or name a format with `?format=`."


class RangeNotSatisfiable(InvalidInput):
    """The range lies outside of the recording."""

    code = "range_not_satisfiable"
    advice = "Ask for bytes that exist; `Content-Range` tells how many there are."

    def __init__(self, size: int) -> None:
        """`size`: bytes that there are."""
        super().__init__(f"the range lies outside of the {size:,} bytes that there are")
        self.size = size


class MissingPermission(NotAllowed):
    """The key, or the person who has signed in, may not do this."""

    code: ClassVar[str] = "missing_permission"
    advice = "Use a key that has this scope, or ask somebody who manages the account for one."

    def __init__(self, permission: Permission) -> None:
        """`permission`: what would be needed."""
        super().__init__(f"this needs the scope `{permission.value}`")


class MissingCsrfToken(NotAllowed):
    """A browser that has signed in must show that a page of this server asks for this."""

    code: ClassVar[str] = "missing_csrf_token"
    advice = "Send the `csrf_token` of `GET /v1/session` as `X-CSRF-Token`. Programs use a key instead of a cookie."


class TooManyRequests(LimitReached):
    """More was asked than is allowed in a minute."""

    code = "too_many_requests"
    advice = "Wait for as long as `Retry-After` says; `RateLimit-Remaining` tells in every answer what is left."

    def __init__(self, verdict: Verdict) -> None:
        """`verdict`: what the answer tells of the limit."""
        super().__init__()
        self.retry_after, self.verdict = verdict.retry_after, verdict


class MethodNotAllowed(DiaristError):
    """This address does not know this method."""

    code = "method_not_allowed"
    advice = "`Allow` names the methods that it knows; /docs shows every request."


class ForeignHost(NotAllowed):
    """The request was made for another host."""

    code: ClassVar[str] = "foreign_host"
    advice = "Call the server by the name it is known by, or add yours to DIARIST_HTTP__ALLOWED_HOSTS."


class ForeignOrigin(NotAllowed):
    """The request comes from a web page of another host."""

    code: ClassVar[str] = "foreign_origin"
    advice = "Web pages of other hosts may not use this server, unless DIARIST_HTTP__ALLOWED_HOSTS names them."


class UnsupportedVersion(InvalidInput):
    """The request speaks a version of the protocol that the server does not."""

    code = "unsupported_version"
    advice = "Send `Tus-Resumable: 1.0.0`."


class IdempotencyKeyReused(InvalidInput):
    """The idempotency key belongs to another request."""

    code = "idempotency_key_reused"
    advice = "Give every request a key of its own, and repeat a key only with the very same request."


class IdempotencyKeyInUse(Conflict):
    """The first request with this idempotency key still runs."""

    code = "idempotency_key_in_use"
    advice = "Wait and send the same request again; it will get the first one's answer."


class NotReady(Unavailable):
    """Something that is needed does not work."""

    code = "not_ready"
    advice = "`diarist doctor` shows what is wrong and how to mend it."
