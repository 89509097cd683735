"""What a client can do, by the things that it is done to."""

from __future__ import annotations

from diarist.client import days as of_days
from diarist.client import entries as of_entries
from diarist.client import following, uploading, waiting
from diarist.client import jobs as of_jobs
from diarist.client import receipts as of_receipts
from diarist.client import recordings as of_recordings
from diarist.client import transcripts as of_transcripts
from diarist.client.operations import Operation, Resource, S, Series
from diarist.client.schemas.days import DaySummary
from diarist.client.schemas.entries import Entry
from diarist.client.schemas.events import Event, JobUpdate
from diarist.client.schemas.jobs import Job
from diarist.client.schemas.receipts import Receipt
from diarist.client.schemas.recordings import Recording


class Recordings(Resource[S]):
    """Audio that was given."""

    add = Operation(uploading.add)
    add_from_url = Operation(of_recordings.add_from_url)
    get = Operation(of_recordings.get)
    list = Series(of_recordings.list_all, Recording)
    page = Operation(of_recordings.page)
    say_when_recorded = Operation(of_recordings.say_when_recorded)
    audio = Series(of_recordings.audio, bytes)
    delete = Operation(of_recordings.delete)
    give_up_upload = Operation(of_recordings.give_up_upload)


class Transcripts(Resource[S]):
    """What was said."""

    get = Operation(of_transcripts.get)
    export = Operation(of_transcripts.export)


class Entries(Resource[S]):
    """Diary entries."""

    get = Operation(of_entries.get)
    latest = Operation(of_entries.latest)
    list = Series(of_entries.list_all, Entry)
    page = Operation(of_entries.page)
    edit = Operation(of_entries.edit)
    compose = Operation(of_entries.compose)


class Days(Resource[S]):
    """The diary by days."""

    get = Operation(of_days.get)
    export = Operation(of_days.export)
    list = Series(of_days.list_all, DaySummary)
    page = Operation(of_days.page)


class Jobs(Resource[S]):
    """Runs of the pipeline."""

    get = Operation(of_jobs.get)
    list = Series(of_jobs.list_all, Job)
    page = Operation(of_jobs.page)
    tasks = Operation(of_jobs.tasks)
    wait = Operation(waiting.wait)
    follow = Series(waiting.follow, JobUpdate)
    cancel = Operation(of_jobs.cancel)
    retry = Operation(of_jobs.retry)


class Receipts(Resource[S]):
    """What language models were asked, what left for it, and what it cost."""

    get = Operation(of_receipts.get)
    list = Series(of_receipts.list_all, Receipt)
    page = Operation(of_receipts.page)


class Events(Resource[S]):
    """What happens in the account."""

    follow = Series(following.follow, Event)
