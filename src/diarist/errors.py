"""Everything that can go wrong, as one tree.

    DiaristError
    ├── InvalidInput
    │   ├── UnreadableFile
    │   ├── UnsupportedAudio
    │   │   └── NoAudioTrack
    │   ├── UndecodableAudio
    │   ├── TooLarge
    │   ├── AddressRefused
    │   ├── NotGiven
    │   ├── ChecksumMismatch
    │   ├── ContentMismatch
    │   └── Empty
    │       └── NoSamples
    ├── NotFound
    │   └── UploadGone
    ├── NotSupported
    ├── Conflict
    │   ├── OffsetMismatch
    │   ├── LeaseLost
    │   └── WrittenMeanwhile
    ├── NotAllowed
    ├── LimitReached
    │   └── BudgetSpent
    ├── ProviderFailed
    │   └── NoModelAnswered
    ├── EngineFailed
    │   ├── ModelUnavailable
    │   ├── EngineRefused
    │   ├── EngineBusy
    │   ├── EngineUnreachable
    │   └── ChildDied
    │       └── MemoryExceeded
    ├── Unavailable
    │   ├── SourceUnreachable
    │   │   └── SourceTooSlow
    │   ├── StorageFull
    │   ├── StorageFailed
    │   │   └── StorageRefused
    │   ├── DatabaseUnavailable
    │   └── BrokerUnavailable
    ├── ExportFailed
    ├── MaskingFailed
    │   └── UnknownPlaceholder
    └── Misconfigured

The classes know whether a retry can help; they know nothing of HTTP or exit codes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar


class DiaristError(Exception):
    """Something went wrong in Diarist."""

    code: ClassVar[str] = "internal"
    """Stable name for machines; documented, never reused."""
    retryable: ClassVar[bool] = False
    """Whether doing the same again later can succeed."""
    retry_after: float | None = None
    """Seconds after which to try again, where that is known; such a wait does not use up one of a task's tries."""
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


class ChecksumMismatch(InvalidInput):
    """The bytes that arrived are not those that the checksum was made of."""

    code = "checksum_mismatch"
    advice = "They changed on the way and were thrown away; send them again from the same offset."


class ContentMismatch(InvalidInput):
    """The object in the store is not the one that was announced."""

    code = "content_mismatch"
    advice = "Put the right bytes to the same URL and complete the upload again, or begin a new one."


class Empty(InvalidInput):
    """The file is empty (0 bytes)."""

    code = "empty_file"
    advice = "The recorder wrote nothing. Copy the file again, or check that the recording was saved."


class NoSamples(Empty):
    """The file has a sound track, but there is not a single sample in it."""

    code = "no_samples"
    advice = "The recording has zero length. Check that the recorder was running."


class AddressRefused(InvalidInput):
    """This address may not be imported from."""

    code = "address_refused"
    advice = (
        "Give a public https address; DIARIST_IMPORTS__PRIVATE_NETWORKS, __PORTS and __ALLOW_HTTP open more, if you run this."
    )


class NotGiven(InvalidInput):
    """The address was reached, but it did not give a recording."""

    code = "not_given"
    advice = "Open the address in a browser: it must give the audio file itself, without asking who you are."


class NotFound(DiaristError):
    """There is no such thing here."""

    code = "not_found"
    advice = "Check the id; `diarist list` shows what there is."


class UploadGone(NotFound):
    """The upload has expired."""

    code = "upload_gone"
    advice = "Begin a new upload; what had arrived was deleted."


class NotSupported(DiaristError):
    """This installation cannot do that."""

    code = "not_supported"
    advice = "Use another way; /docs shows what there is."


class Conflict(DiaristError):
    """The state of things does not allow this now."""

    code = "conflict"
    advice = "Look at the current state and decide again."


class OffsetMismatch(Conflict):
    """The upload stands at another offset."""

    code = "offset_mismatch"
    advice = "Ask for the offset with HEAD and go on from there; somebody else may be sending the same upload."


class LeaseLost(Conflict):
    """The task was cancelled, or another worker owns it now."""

    code = "lease_lost"


class WrittenMeanwhile(Conflict):
    """Somebody else wrote the same at this very moment."""

    code = "written_meanwhile"
    retryable = True
    advice = "Try again: what was written by then is found."


class NotAllowed(DiaristError):
    """This is not allowed."""

    code = "not_allowed"
    advice = "Ask the owner of the account."


class LimitReached(DiaristError):
    """A limit that was set is reached."""

    code = "limit_reached"
    advice = "Wait until it is over, or raise the limit."


class BudgetSpent(LimitReached):
    """The budget for language models does not cover this."""

    code = "budget_spent"
    advice = "Diaries are written without a model meanwhile. Wait for the next day or month, or give the account a larger budget."


class ProviderFailed(DiaristError):
    """The provider of a language model failed."""

    code = "provider_failed"
    retryable = True
    advice = "Try again later; `diarist llm status` shows how the providers are."


class NoModelAnswered(ProviderFailed):
    """No language model gave a usable answer."""

    code = "no_model_answered"
    advice = "The diary is written without a model. `diarist llm explain` shows which may be asked, and why others may not."

    def __init__(
        self,
        message: str | None = None,
        *,
        advice: str | None = None,
        hops: Sequence[Any] = (),
        rejected: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message, advice=advice)
        self.hops = tuple(hops)
        """`llm.asking.Hop`: the calls that were made."""
        self.rejected = dict(rejected or {})
        """Why each `provider/model` that was not called was not."""


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


class EngineRefused(EngineFailed):
    """The server that transcribes does not take what it was given."""

    code = "engine_refused"
    retryable = False
    advice = "Its message says why. Check that it offers POST /v1/audio/transcriptions, and the model that you chose."


class EngineBusy(EngineFailed):
    """The server that transcribes asks to wait."""

    code = "engine_busy"
    retry_after = 30.0
    advice = "It is asked again by itself. If that goes on, ask its operator for more, or transcribe fewer chunks at once."


class EngineUnreachable(EngineFailed):
    """The server that transcribes cannot be reached."""

    code = "engine_unreachable"
    retry_after = 10.0
    """A server that is away comes back; a task outlasts it."""
    advice = "It is asked again by itself. Check DIARIST_ENGINE__SERVER__URL, and whether the server runs."


class ChildDied(EngineFailed):
    """The process that did the work died."""

    code = "child_died"
    advice = "It is started again by itself. If it keeps dying, the machine may be short of memory: `diarist doctor`."


class MemoryExceeded(ChildDied):
    """The engine needed far more memory than it may take."""

    code = "memory_exceeded"
    advice = "Choose a smaller model, lower DIARIST_PLAN__CHUNK_SECONDS, or raise DIARIST_ENGINE__MEMORY_LIMIT_MB."


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


class ExportFailed(DiaristError):
    """The document could not be made."""

    code = "export_failed"
    advice = "Nothing is lost: ask for another format, such as `md` or `json`, and please report this."


class MaskingFailed(DiaristError):
    """The text could not be masked, so it did not leave."""

    code = "masking_failed"
    advice = "Nothing was sent. The diary is written without a model meanwhile; please report this, with the log lines around it."


class UnknownPlaceholder(MaskingFailed):
    """The answer of a model names somebody who was never masked, so it is not used."""

    code = "unknown_placeholder"
    retryable = True
    advice = "Another try, or another model, may do better."


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
