import errno
import io
import json
import logging
from collections.abc import Iterator
from typing import Any, TextIO

import pytest
import structlog

from diarist.settings import LogSettings
from diarist.telemetry.logging import configure_logging
from own_logging import logging_as_before


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    with logging_as_before():
        yield


def told(stream: TextIO, level: str = "info") -> None:
    configure_logging(LogSettings(level=level, format="json"), stream=stream)  # type: ignore[arg-type]


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_names_its_event_its_logger_its_level_and_when_it_was() -> None:
    told(stream := io.StringIO())
    with structlog.contextvars.bound_contextvars(job_id="7"):
        structlog.get_logger("diarist.test").info("task.settled", seconds=0.5)
    (line,) = lines(stream)
    at = line.pop("timestamp")
    assert at.endswith("Z")
    assert line == {"event": "task.settled", "job_id": "7", "level": "info", "logger": "diarist.test", "seconds": 0.5}


def test_ours_speak_from_the_level_on_and_libraries_from_warnings_on() -> None:
    told(stream := io.StringIO(), "debug")
    ours, library = structlog.get_logger("diarist.test"), logging.getLogger("somebody.else")
    ours.debug("task.settled")
    logging.getLogger("diarist.child").debug("it ended")
    library.info("may be anything")
    library.warning("it is slow")
    assert [(line["event"], line.get("message")) for line in lines(stream)] == [
        ("task.settled", None), ("library.logged", "it ended"), ("library.logged", "it is slow"),
    ]  # fmt: skip
    told(stream := io.StringIO(), "warning")
    ours.info("task.settled")
    ours.warning("task.left_to_its_lease")
    assert [line["event"] for line in lines(stream)] == ["task.left_to_its_lease"]


class Full(io.StringIO):
    """A disk on which there is no more room."""

    def flush(self) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_line_that_cannot_be_written_stops_nobody() -> None:
    told(Full())
    structlog.get_logger("diarist.test").error("task.crashed")
    told(stream := io.StringIO())
    stream.close()
    structlog.get_logger("diarist.test").error("task.crashed")
