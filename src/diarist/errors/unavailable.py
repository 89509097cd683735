"""What is needed is not there now."""

from __future__ import annotations

from uuid import UUID

from diarist.errors.base import DiaristError


class Unavailable(DiaristError):
    """Something that is needed is not available now."""

    code = "unavailable"
    retryable = True
    advice = "Try again in a moment."


class SourceUnreachable(Unavailable):
    """The address could not be fetched from."""

    code = "source_unreachable"
    advice = "Nothing was stored. Check the address, and try again later."


class SourceTooSlow(SourceUnreachable):
    """The address took too long to give the recording."""

    code = "source_too_slow"
    advice = "Nothing was stored. Try again later, or fetch the file by other means and give it itself."


class StillWorking(Unavailable):
    """The work takes longer than an answer may."""

    code = "still_working"
    advice = "It goes on: ask for the job, or send the same recording again, which is heard only once."

    def __init__(self, job_id: UUID | None = None, seconds: float = 0.0) -> None:
        super().__init__(f"the job {job_id} is not done after {seconds:g} seconds" if job_id else None)
        self.job_id = job_id


class StorageFull(Unavailable):
    """The disk that holds the recordings is full."""

    code = "storage_full"
    retry_after = 60.0
    """Somebody has to make room; until then nothing is given up."""
    advice = "Nothing was half-stored. Make room (`diarist doctor` shows where) and try again."


class StorageFailed(Unavailable):
    """The blob store did not do what was asked."""

    code = "storage_failed"
    retry_after = 10.0
    """A store that is away comes back; a task outlasts it."""
    advice = "Check the disk or bucket that DIARIST_STORAGE__URL names, then try again."


class StorageRefused(StorageFailed):
    """The blob store does not let us in, or there is no such bucket."""

    # Retryable all the same: keys are rotated and mended by people, and no recording may be lost meanwhile.
    code = "storage_refused"
    retry_after = 60.0
    advice = "Check DIARIST_STORAGE__URL, DIARIST_STORAGE__ACCESS_KEY_ID and what the key may do in the bucket."


class DatabaseUnavailable(Unavailable):
    """The database did not answer."""

    code = "database_unavailable"
    advice = "Check DIARIST_DATABASE__URL and that its disk is not full, then try again."


class BrokerUnavailable(Unavailable):
    """Redis did not answer."""

    code = "broker_unavailable"
    advice = "Check DIARIST_BROKER__URL and that Redis runs. Nothing is lost: what is to be done stands in the database."
