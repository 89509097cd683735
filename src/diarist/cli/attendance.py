"""Says who works on a data directory, where nobody waits for the work."""

from __future__ import annotations

from collections.abc import Iterable

from diarist.cli.terminal import messages
from diarist.client import Job
from diarist.client.schemas.recordings import LatestJob
from diarist.domain.job import UNFINISHED
from diarist.jobs.models import JobRow
from diarist.settings import Settings


def who_will_work(settings: Settings) -> str:
    """Says who takes work that is left behind."""
    worker = _working_process(settings)
    if worker is None:
        return "Nobody works on it now; `diarist resume` does, and `diarist up`."
    return f"{_process(worker)} works on this data directory and will take it."


def how_to_go_on(settings: Settings) -> str:
    """Says what becomes of work that a command has been stopped in."""
    worker = _working_process(settings)
    if worker is None:
        return "Stopped. Nothing is lost: `diarist resume` goes on where it stopped."
    return f"Stopped waiting. {_process(worker)} goes on with the work; `diarist resume` waits for it again."


def say_if_unattended(settings: Settings, jobs: Iterable[JobRow | Job | LatestJob]) -> None:
    """Say so on stderr if one of the jobs has not ended and nobody works on it."""
    unfinished = any(job.state in UNFINISHED for job in jobs)
    if unfinished and _working_process(settings) is None:
        messages().print("There is unfinished work, and nobody works on it now; `diarist resume` does, and `diarist up`.")


def _working_process(settings: Settings) -> int | None:
    # With the workers comes all that they do, which commands that find nothing unfinished need not load.
    from diarist.services.embedded_workers import working_process

    return working_process(settings.data_dir)


def _process(pid: int) -> str:
    return f"Process {pid}" if pid else "Another process"
