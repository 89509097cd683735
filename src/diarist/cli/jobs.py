"""`diarist jobs`, `tasks`, `resume`, `retry` and `cancel`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from diarist.cli.options import AsJson, Id, Ids, Limit, NoWait
from diarist.cli.place import at_a_server

if TYPE_CHECKING:
    from collections.abc import Sequence

    from diarist.cli.opening import Here
    from diarist.client import Job
    from diarist.client.schemas.jobs import Task
    from diarist.jobs.service import JobView

OneStage = Annotated[str | None, typer.Option("--stage", help="Do this stage once more, such as `compose`.")]
OneTask = Annotated[UUID | None, typer.Option("--task", help="Do this task once more, such as one chunk; see `diarist tasks`.")]
SomeIds = Annotated[list[str] | None, typer.Argument(metavar="ID", help="What to wait for; all that is unfinished if left out.")]


def jobs(*, limit: Limit = 20, as_json: AsJson = False) -> None:
    """List the newest jobs: state, stage, progress."""
    import msgspec

    from diarist.cli.terminal import print_json

    if at_a_server():
        from diarist.cli.remote.reading import newest_jobs

        found = newest_jobs(limit)
    else:
        found = _newest_here(limit)
    if as_json:
        print_json({"jobs": [msgspec.to_builtins(job) for _, job in found]})
    else:
        _print_jobs(found)
        if not at_a_server():
            from diarist.cli.attendance import say_if_unattended
            from diarist.cli.opening import settings_in_force

            say_if_unattended(settings_in_force(), [job for _, job in found])


def resume(ids: SomeIds = None, *, as_json: AsJson = False) -> None:
    """Go on with unfinished work, and wait for it.

    Whatever was stopped, by Ctrl-C, a crash or a power cut, goes on where it stood.
    """
    from diarist.cli.carrying_on import resume_jobs

    raise typer.Exit(resume_jobs(ids or [], as_json=as_json))


def retry(ids: Ids, *, stage: OneStage = None, task: OneTask = None, no_wait: NoWait = False, as_json: AsJson = False) -> None:
    """Try again what failed or was cancelled, and wait for it.

    What is done stays done, unless a stage or a task is named: that is done once more, and what follows it.
    """
    if at_a_server():
        from diarist.cli.remote.changing import retry_jobs
    else:
        from diarist.cli.carrying_on import retry_jobs
    raise typer.Exit(retry_jobs(ids, stage=stage, task_id=task, wait=not no_wait, as_json=as_json))


def tasks(ident: Id, *, as_json: AsJson = False) -> None:
    """List the tasks of a job: where each stands, how often it was tried, why it failed."""
    import msgspec

    from diarist.cli.tables import print_table
    from diarist.cli.terminal import print_json

    if at_a_server():
        from diarist.cli.remote.reading import tasks_of

        found = tasks_of(ident)
    else:
        found = _tasks_here(ident)
    if as_json:
        print_json({"tasks": [msgspec.to_builtins(task) for task in found]})
    else:
        rows = [
            (str(task.id), task.stage, task.state, str(task.attempts), str(task.crashes), task.error.code if task.error else "")
            for task in found
        ]
        print_table(("task", "stage", "state", "tries", "crashes", ""), rows, empty="This job has no tasks.")


def cancel(ident: Id, *, as_json: AsJson = False) -> None:
    """Cancel a job; what was transcribed of it is kept."""
    import msgspec

    from diarist.cli.finding import short
    from diarist.cli.terminal import messages, print_json

    if at_a_server():
        from diarist.cli.remote.changing import cancel_job

        job = cancel_job(ident)
    else:
        job = _cancel_here(ident)
    if as_json:
        print_json({"job": msgspec.to_builtins(job)})
    else:
        messages().print(f"Cancelled. `diarist retry {short(job.recording_id)}` takes it up again.")


def _newest_here(limit: int) -> list[tuple[str, Job]]:
    from diarist.cli.interruption import run
    from diarist.cli.opening import opened, settings_in_force
    from diarist.cli.seen import job_of

    async def read() -> list[tuple[str, JobView]]:
        async with opened(settings_in_force()) as here:
            return await _newest(here, limit)

    return [(name, job_of(view)) for name, view in run(read())]


def _tasks_here(ident: str) -> list[Task]:
    from diarist.cli.finding import find
    from diarist.cli.interruption import run
    from diarist.cli.opening import opened, settings_in_force
    from diarist.cli.seen import task_of
    from diarist.jobs.repository import list_tasks

    async def read() -> list[Task]:
        async with opened(settings_in_force()) as here:
            job_id = (await find(here, ident)).job_id
            async with here.runtime.database.read() as session:
                return [task_of(row) for row in await list_tasks(session, here.account_id, job_id)]

    return run(read())


def _cancel_here(ident: str) -> Job:
    from diarist.cli.finding import find
    from diarist.cli.interruption import run
    from diarist.cli.opening import opened, settings_in_force
    from diarist.cli.seen import job_of
    from diarist.jobs.service import cancel_job, view_job

    async def write() -> JobView:
        async with opened(settings_in_force()) as here:
            job_id = (await find(here, ident)).job_id
            await cancel_job(here.runtime, here.account_id, job_id)
            return await view_job(here.runtime, here.account_id, job_id, None)

    return job_of(run(write()))


async def _newest(here: Here, limit: int) -> list[tuple[str, JobView]]:
    """Name of the recording and view of each job."""
    from diarist.jobs.repository import list_jobs
    from diarist.jobs.service import view_jobs
    from diarist.recordings.repository import find_recordings

    async with here.runtime.database.read() as session:
        found = await list_jobs(session, here.account_id, limit)
        recordings = await find_recordings(session, here.account_id, [job.recording_id for job in found])
        lengths = {row.id: row.best_duration for row in recordings.values()}
        views = await view_jobs(here.runtime, session, found, lengths)
    return [(recordings[view.job.recording_id].filename, view) for view in views]


def _print_jobs(found: Sequence[tuple[str, Job]]) -> None:
    from diarist.cli.clock import count, duration, moment
    from diarist.cli.finding import short
    from diarist.cli.tables import print_table

    def row(name: str, job: Job) -> tuple[str, ...]:
        progress = job.progress
        left = f"{duration(progress.eta)} left" if progress.eta is not None else ""
        note = (job.error.code if job.error else left) or (count(len(job.warnings), "warning") if job.warnings else "")
        stage = (job.stage or "") if job.finished_at is None else ""
        return short(job.id), moment(job.created_at), job.state, stage, f"{progress.fraction:.0%}", name, note

    print_table(
        ("job", "since", "state", "stage", "done", "recording", ""),
        [row(name, job) for name, job in found],
        empty="No jobs yet. `diarist add FILE` begins one.",
    )
