"""What schemathesis has to be told before it can make requests up for this API."""

import re
from typing import Any
from uuid import uuid4

import schemathesis

LONGEST_STREAM = 600

schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """A key of one request is refused for another, which is right and told nowhere in a schema: each gets one of its own."""
    key = (case.headers or {}).get("Idempotency-Key")
    if isinstance(key, str) and re.fullmatch(r"[!-~]{1,255}", key):
        case.headers["Idempotency-Key"] = uuid4().hex
    # That a tag is out of date, and that an end is waited for, is right and told nowhere in a schema either.
    for name in ("If-Match", "Prefer"):
        (case.headers or {}).pop(name, None)
    _ask_for_everything(case)
    if case.operation.path.endswith("/events"):
        _shorten(case)


def _ask_for_everything(case: Any) -> None:
    """An answer with some of its fields lacks others that are described; names that are not there stay, to be refused."""
    given = (case.query or {}).get("fields")
    described = next((one.definition for one in case.operation.query if one.name == "fields"), None)
    if described is not None and isinstance(given, str) and re.fullmatch(described["schema"]["pattern"], given):
        case.query = {name: value for name, value in case.query.items() if name != "fields"}


def _shorten(case: Any) -> None:
    """A stream goes on: one that may be long is asked to end at once."""
    given = (case.query or {}).get("seconds", 0)
    try:
        valid = 0 <= float(given) <= LONGEST_STREAM
    except (TypeError, ValueError):
        return
    if valid:
        case.query = {**(case.query or {}), "seconds": 0}
