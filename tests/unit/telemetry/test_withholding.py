import io
import json
import logging
from typing import Any
from uuid import UUID

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from diarist.errors import StorageFailed
from diarist.settings import LogSettings
from diarist.telemetry import withholding
from diarist.telemetry.logging import configure_logging
from diarist.telemetry.tracing import part
from diarist.telemetry.withholding import GONE, Withholding


def logged(level: str = "info", secrets: tuple[str, ...] = ()) -> io.StringIO:
    stream = io.StringIO()
    configure_logging(LogSettings(level=level, format="json"), stream=stream, secrets=secrets)  # type: ignore[arg-type]
    return stream


def only(stream: io.StringIO) -> dict[str, Any]:
    (line,) = stream.getvalue().splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


@pytest.mark.parametrize(
    ("told", "secret"),
    [
        ("Authorization: Bearer abcdef123456", "abcdef123456"),
        ("the key diarist_k3Qx9aBv0mT4yUe", "k3Qx9aBv0mT4yUe"),
        ("sk-proj-0123456789", "0123456789"),
        ("postgresql://diarist:hunter22@db/diarist", "hunter22"),
        ("https://s3/bucket/key?X-Amz-Signature=deadbeef01&x=1", "deadbeef01"),
        ("it is horse-battery", "horse-battery"),
    ],
)
def test_what_looks_secret_or_is_known_to_be_is_taken_out_wherever_it_stands(told: str, secret: str) -> None:
    stream = logged(secrets=("horse-battery",))
    log = structlog.get_logger("diarist.test")
    log.info("server.ended", reason=told, more={"deep": [told]})
    logging.getLogger("somebody.else").warning("it said %s", told)
    assert secret not in stream.getvalue()
    assert stream.getvalue().count(GONE) == 3


def test_an_exception_shows_where_and_of_which_class_but_not_what_it_repeats() -> None:
    stream, diary = logged(), "I met " + "Ada"

    def parse(said: str) -> int:
        return int(said)

    try:
        try:
            parse(diary)
        except ValueError as error:
            raise StorageFailed("the disk is gone") from error
    except StorageFailed:
        structlog.get_logger("diarist.test").exception("task.crashed")
    told = only(stream)["exception"]
    assert "in parse" in told
    assert f"ValueError: {GONE}" in told
    assert "StorageFailed: the disk is gone" in told
    assert diary not in stream.getvalue()


def test_libraries_warn_and_do_not_chatter() -> None:
    stream = logged("debug")
    logging.getLogger("httpx").debug("the body is I met Ada")
    logging.getLogger("uvicorn.error").info("started")
    with part("diarist add"):
        logging.getLogger("uvicorn.error").warning("a connection was reset")
    told = only(stream)
    assert (told["event"], told["logger"], told["message"]) == ("library.logged", "uvicorn.error", "a connection was reset")
    assert len(told["trace_id"]) == 32


def test_the_level_is_that_of_the_setting() -> None:
    stream = logged("warning")
    structlog.get_logger("diarist.test").info("server.ended")
    assert stream.getvalue() == ""


@given(st.one_of(*(st.from_regex(pattern) for pattern, _ in withholding._LOOKS_SECRET)), st.text(), st.uuids())
def test_one_look_at_a_whole_line_misses_nothing_that_looks_at_values_find(looks_secret: str, other: str, one: UUID) -> None:
    cleaned = Withholding()(None, "info", {"event": "x", "other": other, "id": str(one), "told": looks_secret})
    assert GONE in cleaned["told"]
