"""Structured logs: one event a line, JSON for machines, colour in a terminal; never what was said, never a secret.

Names of events are stable and stand in `log_events.EVENTS`. Lines of libraries are the event `library.logged`: their warnings
alone, as what they debug with may be anything.
"""

from __future__ import annotations

import functools
import logging
import sys
from collections.abc import Collection
from threading import Lock
from typing import TYPE_CHECKING, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from diarist.telemetry.tracing import here
from diarist.telemetry.withholding import Withholding, tell_exception

if TYPE_CHECKING:
    from diarist.settings import LogSettings

OURS = "diarist"


def configure_logging(settings: LogSettings, *, stream: TextIO | None = None, secrets: Collection[str] = ()) -> None:
    """Send our events and those of libraries through one chain; called once, by the process's entry.

    `stream`: stderr if left out. `secrets`: what is taken out wherever it stands, besides what looks like a secret.
    """
    stream = stream or sys.stderr
    as_json = settings.format == "json" or (settings.format == "auto" and not stream.isatty())
    _configure(
        stream, settings.level, secrets, structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer()
    )


def configure_child_logging(level: str) -> None:
    """Do so in a child: its parent reads the lines, and writes them where all go."""
    _configure(sys.stderr, level, (), structlog.processors.JSONRenderer())


def _configure(stream: TextIO, level_name: str, secrets: Collection[str], renderer: Processor) -> None:
    level = logging.getLevelNamesMapping()[level_name.upper()]
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        add_trace_ids,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    finishing: list[Processor] = [tell_exception, Withholding(secrets), renderer]
    # Our own lines need no record of the standard library, nor the search for where in the code they are: half of what they cost.
    structlog.configure(
        processors=[*shared, *finishing],
        logger_factory=functools.cache(functools.partial(_Lines, stream, Lock())),
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, name_foreign],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *finishing],
        )
    )
    logging.basicConfig(level=max(level, logging.WARNING), handlers=[handler], force=True)
    logging.getLogger(OURS).setLevel(level)


class _Lines:
    """Where the lines of one logger go. One that cannot be written is lost: whoever has something to tell goes on."""

    def __init__(self, stream: TextIO, lock: Lock, name: str) -> None:
        self.name = name
        self._stream, self._lock = stream, lock

    def msg(self, line: str) -> None:
        try:
            with self._lock:
                self._stream.write(line + "\n")
                self._stream.flush()
        except (OSError, ValueError):
            return  # the disk is full, or whoever reads has gone: there is no other place to say so

    debug = info = warning = error = critical = exception = msg


def add_trace_ids(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Name the trace at hand, and the place in it."""
    place = here()
    if place is not None:
        event["trace_id"], event["span_id"] = place.trace_id, place.span_id
    return event


def name_foreign(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Give what a library has logged the name of an event; its words stay as they are."""
    event["message"], event["event"] = event["event"], "library.logged"
    return event
