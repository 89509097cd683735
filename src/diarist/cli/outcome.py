"""Tells how jobs that were waited for have ended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from rich.text import Text

from diarist.cli import exit_codes
from diarist.cli.clock import clock, duration
from diarist.cli.exit_codes import JOB_CANCELLED, OK, status_of_job
from diarist.cli.finding import short
from diarist.cli.reporting import error_to_json, explain, report
from diarist.cli.seen import Seen
from diarist.cli.terminal import messages, results, safe
from diarist.domain.job import JobState
from diarist.errors import DiaristError, error_classes

Final = Seen | DiaristError
"""A job as it was last seen, or why there is none."""


def status_of(final: Final) -> int:
    """The exit status that the end of a job asks for."""
    if isinstance(final, DiaristError):
        return exit_codes.status_of(type(final))
    match final.job.state:
        case JobState.CANCELLED:
            return JOB_CANCELLED
        case JobState.FAILED:
            return status_of_job(final.job.error.code if final.job.error else None)
        case _:
            return OK  # nobody was to wait for it


def status_of_all(finals: Iterable[Final]) -> int:
    """That of the first that did not end well."""
    return next((status for status in map(status_of, finals) if status != OK), OK)


def to_json(final: Final) -> dict[str, Any]:
    """As `--json` prints it."""
    return {"error": error_to_json(final)} if isinstance(final, DiaristError) else final.to_json()


def tell(final: Final, since: datetime, about: str | None = None) -> None:
    """How it ended; `about`: what that is said of where there is no job. `since`: when waiting began."""
    if isinstance(final, DiaristError):
        report(final, about=about)
    else:
        _tell_of_job(final, since)


def _tell_of_job(seen: Seen, since: datetime) -> None:
    """Title, length, time taken and warnings of a good end; cause and advice of a bad one; the id of what goes on."""
    job, recording = seen.job, seen.recording
    if job.state is JobState.FAILED:
        code = job.error.code if job.error else ""
        error = error_classes().get(code)
        advice = error.advice if error else ""
        if "diarist retry" not in advice:
            advice = f"{advice} The recording is kept; `diarist retry {short(recording.id)}` tries again.".strip()
        explain(code, (job.error and job.error.message) or "the job failed", advice, about=recording.filename)
        return
    if job.state is JobState.CANCELLED:
        messages().print(f"{safe(recording.filename)}: cancelled; `diarist retry {short(recording.id)}` takes it up again.")
        return
    console = results()
    if not job.ended:
        console.print(Text.assemble((short(recording.id), "bold"), f"  {safe(recording.filename)}: {job.state}"))
        return
    console.print(Text(safe(seen.entry.title if seen.entry else recording.filename), style="bold"))
    console.print(Text(f"  {_facts(seen, since)}", style="dim"))
    for warning in job.warnings:
        console.print(Text.assemble(("  warning: ", "yellow"), safe(warning.message), (f"  ({warning.code})", "dim")))
    console.print(f"  diarist entry {short(recording.id)}         the diary entry")
    console.print(f"  diarist transcript {short(recording.id)}    what was said, with times")


def _facts(seen: Seen, since: datetime) -> str:
    job, recording = seen.job, seen.recording
    facts = [safe(recording.filename)]
    if recording.duration is not None:
        facts.append(clock(recording.duration))
    if job.started_at and job.finished_at and job.finished_at > since:
        # A job that went on after a pause is told by what this command has seen of it.
        took = (job.finished_at - max(job.started_at, since)).total_seconds()
        speed = f", {recording.duration / took:.1f}x real time" if recording.duration and took > 0 else ""
        facts.append(f"done in {duration(took)}{speed}")
    return " · ".join(facts)
