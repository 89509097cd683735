"""Every exit status, as one table; an error gets the status of its own class or of the nearest family above it."""

from __future__ import annotations

from diarist.errors import (
    BackupDamaged,
    Conflict,
    DiaristError,
    Empty,
    EngineFailed,
    ExportFailed,
    InvalidInput,
    LimitReached,
    MaskingFailed,
    Misconfigured,
    ModelUnavailable,
    NoAudioTrack,
    NoSamples,
    NotAllowed,
    NotFound,
    ProviderFailed,
    StorageFull,
    TooLarge,
    Unavailable,
    UndecodableAudio,
    UnreadableFile,
    UnsupportedAudio,
    error_classes,
)

OK, UNEXPECTED, USAGE = 0, 1, 2
JOB_FAILED, JOB_CANCELLED = 60, 61
INTERRUPTED, TERMINATED = 130, 143

MEANINGS = {
    OK: "everything was done",
    UNEXPECTED: "an unexpected error; for `doctor`: something is broken",
    USAGE: "the command line was not understood",
    JOB_FAILED: "a job failed for a reason that has no status of its own",
    JOB_CANCELLED: "a job was cancelled while the command waited for it",
    INTERRUPTED: "stopped with Ctrl-C; nothing is lost",
    TERMINATED: "stopped by SIGTERM; nothing is lost",
}
"""The statuses that stand for no error class."""

STATUSES: dict[type[DiaristError], int] = {
    DiaristError: UNEXPECTED,
    InvalidInput: 10,
    Empty: 11,
    NoSamples: 12,
    UnsupportedAudio: 13,
    NoAudioTrack: 14,
    UndecodableAudio: 15,
    UnreadableFile: 16,
    TooLarge: 17,
    NotFound: 20,
    Conflict: 21,
    NotAllowed: 22,
    LimitReached: 23,
    EngineFailed: 30,
    ModelUnavailable: 31,
    ProviderFailed: 32,
    MaskingFailed: 33,
    ExportFailed: 34,
    BackupDamaged: 35,
    Unavailable: 40,
    StorageFull: 41,
    Misconfigured: 50,
}

SUMMARY = (
    "Exit status: 0 done; 1 unexpected error; 2 command line not understood; 10-17 the input cannot be used; 20-23 not found, or "
    "not possible now; 30-34 an engine or model failed; 35 a backup is damaged; 40-41 something that is needed is not available; "
    "50 a setting is wrong; 60-61 the job failed or was cancelled; 130 Ctrl-C, 143 SIGTERM: nothing is lost. "
    "docs/reference/exit-codes.md has the list."
)


def status_of(error: type[DiaristError]) -> int:
    """The exit status of an error."""
    return next(STATUSES[family] for family in error.__mro__ if family in STATUSES)


def status_of_job(error_code: str | None) -> int:
    """The exit status of a job that failed with an error code: that of the error, if it has one of its own."""
    error = error_classes().get(error_code or "")
    status = status_of(error) if error else UNEXPECTED
    return JOB_FAILED if status == UNEXPECTED else status
