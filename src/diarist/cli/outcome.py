"""Tells how jobs that were waited for have ended."""

from __future__ import annotations

from datetime import datetime

from rich.text import Text

from diarist.cli.clock import clock, duration
from diarist.cli.exit_codes import JOB_CANCELLED, OK, status_of_job
from diarist.cli.finding import short
from diarist.cli.reporting import explain
from diarist.cli.seen import Seen
from diarist.cli.terminal import messages, results, safe
from diarist.domain.job import JobState
from diarist.errors import error_classes


def status_of(seen: Seen) -> int:
    """The exit status that the end of a job asks for."""
    match seen.job.state:
        case JobState.CANCELLED:
            return JOB_CANCELLED
        case JobState.FAILED:
            return status_of_job(seen.job.error.code if seen.job.error else None)
        case _:
            return OK  # nobody was to wait for it


def tell(seen: Seen, since: datetime) -> None:
    """Title, length, time taken and warnings of a good end; cause and advice of a bad one; the id of what goes on.

    `since`: when waiting began.
    """
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
