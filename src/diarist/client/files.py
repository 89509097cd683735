"""Documents that the server makes."""

from __future__ import annotations

from collections.abc import Mapping
from email.message import Message

from diarist.client.routes import Route
from diarist.client.schemas.transcripts import File
from diarist.client.steps import Flow, send


def file_of(route: Route[bytes], *, query: Mapping[str, object], **path: object) -> Flow[File]:
    """A document with the name that the server gives it."""
    answer = yield from send(route.request(path, query=query))
    content = route.read(answer)
    headers = Message()
    headers["Content-Disposition"] = answer.headers.get("content-disposition", "")
    return File(content=content, filename=headers.get_filename("document"), media_type=answer.headers.get("content-type", ""))
