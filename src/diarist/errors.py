"""Everything that can go wrong, as one tree.

    DiaristError
    ├── InvalidInput
    │   ├── UnreadableFile
    │   ├── UnsupportedAudio
    │   │   └── NoAudioTrack
    │   ├── UndecodableAudio
    │   ├── TooLarge
    │   └── Empty
    │       └── NoSamples
    ├── NotFound
    ├── Conflict
    │   └── LeaseLost
    ├── NotAllowed
    ├── EngineFailed
    │   ├── ModelUnavailable
    │   └── ChildDied
    ├── Unavailable
    │   ├── StorageFull
    │   ├── StorageFailed
    │   └── DatabaseUnavailable
    └── Misconfigured

The classes know whether a retry can help; they know nothing of HTTP or exit codes.
"""

from __future__ import annotations

from typing import ClassVar


class DiaristError(Exception):
    """Something went wrong in Diarist."""

    code: ClassVar[str] = "internal"
    """Stable name for machines; documented, never reused."""
    retryable: ClassVar[bool] = False
    """Whether doing the same again later can succeed."""
    advice: ClassVar[str] = "Please report this, with the log lines around it."
    """What the person who sees the error can do about it."""

    def __init__(self, message: str | None = None, *, advice: str | None = None) -> None:
        first_line = (type(self).__doc__ or type(self).__name__).strip().splitlines()[0]
        self.message = message or first_line
        if advice is not None:
            self.advice = advice  # type: ignore[misc]  # an instance may know better than its class
        super().__init__(self.message)


class InvalidInput(DiaristError):
    """What was given cannot be used."""

    code = "invalid_input"
    advice = "Correct the input and try again; nothing was stored."


class UnreadableFile(InvalidInput):
    """The file cannot be read."""

    code = "unreadable_file"
    advice = "Check that the path exists, is a file, and that you may read it."


class UnsupportedAudio(InvalidInput):
    """This is not audio in a format that Diarist knows."""

    code = "unsupported_audio"
    advice = "Give a recording such as MP3, WAV, M4A, FLAC, OGG, WebM or AIFF; check that the file is what its name says."


class NoAudioTrack(UnsupportedAudio):
    """The file holds no sound track."""

    code = "no_audio_track"
    advice = "The file plays without sound. Export it with its audio track, or give the audio file itself."


class UndecodableAudio(InvalidInput):
    """The container was recognised, but no sound could be decoded from it."""

    code = "undecodable_audio"
    advice = "The file is damaged. Copy it again from the recorder, or convert it with another program."


class TooLarge(InvalidInput):
    """The recording is larger than this installation accepts."""

    code = "too_large"
    advice = "Split the recording, or raise DIARIST_HTTP__MAX_UPLOAD_BYTES."


class Empty(InvalidInput):
    """The file is empty (0 bytes)."""

    code = "empty_file"
    advice = "The recorder wrote nothing. Copy the file again, or check that the recording was saved."


class NoSamples(Empty):
    """The file has a sound track, but there is not a single sample in it."""

    code = "no_samples"
    advice = "The recording has zero length. Check that the recorder was running."


class NotFound(DiaristError):
    """There is no such thing here."""

    code = "not_found"
    advice = "Check the id; `diarist list` shows what there is."


class Conflict(DiaristError):
    """The state of things does not allow this now."""

    code = "conflict"
    advice = "Look at the current state and decide again."


class LeaseLost(Conflict):
    """The task was cancelled, or another worker owns it now."""

    code = "lease_lost"


class NotAllowed(DiaristError):
    """This is not allowed."""

    code = "not_allowed"
    advice = "Ask the owner of the account."


class EngineFailed(DiaristError):
    """The transcription engine failed."""

    code = "engine_failed"
    retryable = True
    advice = "The recording is kept. `diarist retry` tries again; `diarist doctor` shows whether the engine is well."


class ModelUnavailable(EngineFailed):
    """The model could not be found or loaded."""

    code = "model_unavailable"
    retryable = False
    advice = "`diarist model list` shows what is here, `diarist model pull NAME` fetches one, DIARIST_ENGINE__MODEL chooses."


class ChildDied(EngineFailed):
    """The process that did the work died."""

    code = "child_died"
    advice = "It is started again by itself. If it keeps dying, the machine may be short of memory: `diarist doctor`."


class Unavailable(DiaristError):
    """Something that is needed is not available now."""

    code = "unavailable"
    retryable = True
    advice = "Try again in a moment."


class StorageFull(Unavailable):
    """The disk that holds the recordings is full."""

    code = "storage_full"
    advice = "Nothing was half-stored. Make room (`diarist doctor` shows where) and try again."


class StorageFailed(Unavailable):
    """The blob store did not do what was asked."""

    code = "storage_failed"
    advice = "Check the disk or bucket that DIARIST_STORAGE__URL names, then try again."


class DatabaseUnavailable(Unavailable):
    """The database did not answer."""

    code = "database_unavailable"
    advice = "Check DIARIST_DATABASE__URL and that its disk is not full, then try again."


class Misconfigured(DiaristError):
    """A setting has a value that cannot work."""

    code = "misconfigured"
    advice = "`diarist doctor` shows the settings in force and where each comes from."


def error_classes() -> dict[str, type[DiaristError]]:
    """Every class of the tree by its code, for rebuilding an error that crossed a process border."""
    classes: dict[str, type[DiaristError]] = {}
    pending: list[type[DiaristError]] = [DiaristError]
    while pending:
        cls = pending.pop()
        classes[cls.code] = cls
        pending.extend(cls.__subclasses__())
    return classes
