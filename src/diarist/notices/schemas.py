"""Notices on the wire."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict

from diarist.notices import notice
from diarist.notices.notice import NoticeKind

_EXAMPLE: JsonDict = {
    "kind": "model_failing",
    "message": "openai/gpt-5-mini does not answer (timed out): it failed, and is left alone for 45 s more; "
    "mistral/mistral-small-latest is asked instead.",
    "advice": "It is asked again by itself. Whoever runs this server sees more with `diarist llm status`.",
    "since": "2026-11-03T19:24:02.113Z",
    "about": {"model": "openai/gpt-5-mini", "instead": "mistral/mistral-small-latest"},
}


class Notice(BaseModel):
    """Something that is so now, and that the owner of the account should know."""

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_extra={"examples": [_EXAMPLE]})

    kind: NoticeKind
    """For machines."""
    message: str
    """What is so, and what it means; for people."""
    advice: str
    """What can be done."""
    since: datetime | None
    """Null where that is not known."""
    about: dict[str, str]
    """Names for machines: `model` and who is asked `instead`, the `period` of a budget, a `subscription_id`."""


def notice_to_wire(found: notice.Notice) -> Notice:
    """A notice as it goes over the wire."""
    return Notice(kind=found.kind, message=found.message, advice=found.advice, since=found.since, about=dict(found.about))
