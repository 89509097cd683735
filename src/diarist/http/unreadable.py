"""Requests that are not even HTTP, or whose head is endless: they are answered with a problem like all others."""

from __future__ import annotations

import sys

import h11
from uvicorn.protocols.http.h11_impl import STATUS_PHRASES, H11Protocol

from diarist.database.base import new_id
from diarist.errors import DiaristError
from diarist.http.errors import HeadersTooLarge, MalformedRequest
from diarist.http.problem import MEDIA_TYPE, Problem, told

_TOO_LARGE = 431


class ToldProtocol(H11Protocol):
    """Says what is wrong where the server's own says that something is."""

    def send_400_response(self, msg: str) -> None:
        """Answer a request that could not be read; called while the parser's error is handled."""
        error: DiaristError = MalformedRequest(msg)
        if getattr(sys.exception(), "error_status_hint", None) == _TOO_LARGE:
            error = HeadersTooLarge("path, query and headers together are larger than is accepted")
        # Nothing of it is known: it belongs to no trace but its own.
        identifier = new_id()
        problem = Problem(**told(error), instance="/", request_id=str(identifier), trace_id=identifier.hex)
        body = problem.model_dump_json().encode()
        headers = {
            "Content-Type": MEDIA_TYPE, "Content-Length": str(len(body)), "X-Request-ID": problem.request_id,
            "X-Trace-ID": problem.trace_id, "Connection": "close",
        }  # fmt: skip
        answer = h11.Response(status_code=problem.status, headers=[*headers.items()], reason=STATUS_PHRASES[problem.status])
        for event in (answer, h11.Data(data=body), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
