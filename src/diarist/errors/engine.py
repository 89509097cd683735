"""What engines and makers of documents can do wrong."""

from __future__ import annotations

from diarist.errors.base import DiaristError


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


class EngineCannot(EngineFailed):
    """The engine or its model cannot do what is asked of it."""

    code = "engine_cannot"
    retryable = False
    advice = "Ask for something else, or choose a model that can: `diarist model list` shows what there is."


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


class WorkerLost(DiaristError):
    """A task took its worker down again and again, and is not tried again by itself."""

    code = "worker_lost"
    advice = "Its worker may be short of memory: `diarist doctor`. `diarist retry` tries again."


class ExportFailed(DiaristError):
    """The document could not be made."""

    code = "export_failed"
    advice = "Nothing is lost: ask for another format, such as `md` or `json`, and please report this."
