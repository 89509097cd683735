"""`diarist up` and `diarist serve ROLE`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class Role(StrEnum):
    """What a process can be."""

    STANDALONE = "standalone"
    INGESTION_API = "ingestion-api"
    JOB_STATUS_API = "job-status-api"
    TRANSCRIPTION_WORKER = "transcription-worker"
    LLM_WORKER = "llm-worker"


Host = Annotated[str | None, typer.Option(help="Address to listen on; DIARIST_HTTP__HOST if left out.")]
Port = Annotated[
    int | None, typer.Option(min=0, max=65535, help="Port to listen on, 0 for a free one; DIARIST_HTTP__PORT if left out.")
]


def up(*, host: Host = None, port: Port = None) -> None:
    """Run the HTTP server and all workers until Ctrl-C."""
    from diarist.cli.opening import settings_in_force
    from diarist.cli.terminal import messages
    from diarist.services.standalone import serve as serve_standalone

    settings = settings_in_force(serving=True)
    chosen = {key: value for key, value in {"host": host, "port": port}.items() if value is not None}
    http = settings.http.model_copy(update=chosen)

    def announce(url: str) -> None:
        messages().print(f"Diarist is up at {url}; its API is described at {url}/docs. Ctrl-C stops it, and nothing is lost.")

    serve_standalone(settings.model_copy(update={"http": http}), announce=announce)


def serve(role: Annotated[Role, typer.Argument(help="What this process is to be.")]) -> None:
    """Run one role of an installation until SIGTERM.

    `standalone` is all of them in one process; the others share their work through PostgreSQL and Redis.
    """
    from importlib import import_module

    from diarist.cli.opening import settings_in_force
    from diarist.cli.terminal import messages
    from diarist.services.roles import ROLES

    settings = settings_in_force(serving=True)
    if role is Role.STANDALONE:
        settings = ROLES[role].with_ports(settings)
    module = import_module(f"diarist.services.{role.replace('-', '_')}")
    module.serve(settings, announce=lambda what: messages().print(f"{role}: {what}"))
