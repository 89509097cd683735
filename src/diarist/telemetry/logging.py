"""Structured logs: one event a line on stderr, JSON for machines, colour in a terminal; never what was said, never a secret."""

from __future__ import annotations

import logging
import sys

import structlog

from diarist.settings import LogSettings

QUIET_LIBRARIES = ("dramatiq", "aiosqlite", "alembic", "anthropic", "httpx", "httpx2", "mistralai", "openai", "uvicorn.access")
"""Their information is our debugging; what clients of language models debug with holds what was said."""


def configure_logging(settings: LogSettings) -> None:
    """Send our events and those of libraries through one chain; called once, by the process's entry."""
    as_json = settings.format == "json" or (settings.format == "auto" and not sys.stderr.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if as_json
        # Not the one that prints local variables: they may hold what was said.
        else structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    finishing: list[structlog.typing.Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if as_json:
        finishing.append(structlog.processors.format_exc_info)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[*finishing, renderer]))
    level = logging.getLevelNamesMapping()[settings.level.upper()]
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in QUIET_LIBRARIES:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
