"""Finds and loads models for the library onnx-asr: by its names from the Hugging Face hub, or from a folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import structlog

from diarist.adapters.transcription_engines.whisper_share import processors
from diarist.engine.hub import told
from diarist.errors import Misconfigured, ModelUnavailable
from diarist.ports.transcription_engine import EngineOptions

if TYPE_CHECKING:
    from onnx_asr.adapters import TimestampedResultsAsrAdapter

log = structlog.get_logger(__name__)

_SHORT = {"parakeet": "nemo-parakeet-tdt-0.6b-v3", "canary": "nemo-canary-1b-v2", "gigaam": "gigaam-v3-e2e-rnnt"}
"""Names that people use."""
_ONE_LANGUAGE = {
    **dict.fromkeys(("nemo-parakeet-ctc-0.6b", "nemo-parakeet-rnnt-0.6b", "nemo-parakeet-tdt-0.6b-v2"), "en"),
    **dict.fromkeys(("nemo-fastconformer-ru-ctc", "nemo-fastconformer-ru-rnnt", "t-tech/t-one"), "ru"),
    **dict.fromkeys(("alphacep/vosk-model-ru", "alphacep/vosk-model-small-ru"), "ru"),
    **dict.fromkeys(("gigaam-v2-ctc", "gigaam-v2-rnnt", "gigaam-v3-ctc", "gigaam-v3-rnnt"), "ru"),
    **dict.fromkeys(("gigaam-v3-e2e-ctc", "gigaam-v3-e2e-rnnt"), "ru"),
}


def open_model(options: EngineOptions) -> tuple[TimestampedResultsAsrAdapter, str, str | None]:
    """The loaded model, what people call it, and the language that it is for, if there is but one.

    May fetch gigabytes. Raises `ModelUnavailable`, `StorageFull`, `Misconfigured`.
    """
    try:
        import onnx_asr  # noqa: F401 - only to see that the extra is here
    except ImportError as error:
        raise Misconfigured("The engine `onnx-asr` is not installed.", advice="pip install 'diarist[onnx]'") from error
    if options.model == "auto":
        raise ModelUnavailable(
            "The engine `onnx-asr` has no model of its own.",
            advice=f"Let DIARIST_ENGINE__MODEL name one: a folder, or {', '.join(_SHORT)}, {', '.join(_names()[:3])}…",
        )
    folder = Path(options.model).expanduser()
    if folder.is_absolute() or options.model.startswith((".", "~")):
        model = _load(_type_in(folder), folder, options, from_hub=False)
        return model, folder.absolute().name, None
    name = _SHORT.get(options.model, options.model)
    if name not in _names() and not name.startswith("onnx-community/"):
        near = get_close_matches(name, [*_SHORT, *_names()], n=1)
        raise ModelUnavailable(f"There is no model called {name!r}." + (f" Did you mean {near[0]}?" if near else ""))
    folder = Path(options.cache_dir, "models", "onnx", name.replace("/", "--"))
    with told(name, folder):
        model = _load(name, folder, options, from_hub=True)
    return model, name.rpartition("/")[2], _ONE_LANGUAGE.get(name)


def cards(options: EngineOptions) -> int:
    """On how many graphics cards a model of these options computes: the first one, or none."""
    import onnxruntime

    return len(_providers(options.device, onnxruntime.get_available_providers())) - 1


def failures(*others: type[Exception]) -> tuple[type[Exception], ...]:
    """What ONNX Runtime raises, whose classes have no family, and others."""
    from onnxruntime.capi import onnxruntime_pybind11_state as native

    return (*(one for one in vars(native).values() if isinstance(one, type) and issubclass(one, Exception)), *others)


def needs_language(loaded: TimestampedResultsAsrAdapter) -> bool:
    """Whether the model has to be told the language: Canary, as the library runs it, takes all sound for English."""
    from onnx_asr.models.nemo import NemoConformerAED

    return isinstance(loaded.asr, NemoConformerAED)


def _load(kind: str, folder: Path, options: EngineOptions, *, from_hub: bool) -> TimestampedResultsAsrAdapter:
    """`kind`: a name or a type of the library's. What is here is not fetched, nor asked for."""
    import onnxruntime
    from onnx_asr.loader import Manager
    from onnx_asr.utils import ModelFileNotFoundError, ModelLoadingError

    sessions = onnxruntime.SessionOptions()
    sessions.intra_op_num_threads = options.threads or processors()
    providers = _providers(options.device, onnxruntime.get_available_providers())
    manager = Manager(sess_options=sessions, providers=providers)
    wanted = _precision(options.compute_type, on_gpu=len(providers) > 1)
    tries = [(precision, offline) for offline in ((True, False) if from_hub else (True,)) for precision in {wanted: 0, None: 0}]
    try:
        for precision, offline in tries:
            with suppress(ModelFileNotFoundError):
                found = manager.create_asr(kind, folder, quantization=precision, offline=offline)
                log.info("engine.loaded", model=folder.name, precision=precision or "full")
                return found.with_timestamps()
    except ModelLoadingError as error:
        raise ModelUnavailable(f"There is no model in {folder}: {error}") from error
    except failures(KeyError, TypeError, ValueError) as error:
        advice = f"Its files may be damaged: delete {folder}; what comes from the hub is fetched again."
        raise ModelUnavailable(f"The model in {folder} cannot be loaded: {type(error).__name__}.", advice=advice) from error
    advice = "https://istupakov.github.io/onnx-asr/usage lists the files of each type of model."
    raise ModelUnavailable(f"Files of the model are missing in {folder}.", advice=advice)


def _precision(compute_type: str, *, on_gpu: bool) -> str | None:
    """The library's word for it; None is full precision."""
    if compute_type.startswith("int8") or (compute_type == "auto" and not on_gpu):
        return "int8"
    return "fp16" if compute_type == "float16" else None


def _providers(device: str, available: Sequence[str]) -> list[str]:
    cuda, cpu = "CUDAExecutionProvider", "CPUExecutionProvider"
    if device == "cuda" and cuda not in available:
        advice = "pip install onnxruntime-gpu in place of onnxruntime, or set DIARIST_ENGINE__DEVICE=cpu."
        raise ModelUnavailable("This ONNX Runtime cannot use a GPU.", advice=advice)
    return [cuda, cpu] if device != "cpu" and cuda in available else [cpu]


def _names() -> tuple[str, ...]:
    from onnx_asr.loader import AsrNames

    return get_args(AsrNames)


def _types() -> tuple[str, ...]:
    from onnx_asr.loader import AsrTypeNames

    return (*get_args(AsrTypeNames), *(name for name in _names() if "/" not in name))


def _type_in(folder: Path) -> str:
    try:
        config = json.loads((folder / "config.json").read_bytes())
    except (OSError, ValueError) as error:
        raise ModelUnavailable(f"There is no model in {folder}: its config.json cannot be read.") from error
    kind = config.get("model_type") if isinstance(config, dict) else None
    if kind not in _types():
        raise ModelUnavailable(
            f"The model_type in {folder / 'config.json'} is none that can be read.", advice=f"It is one of {', '.join(_types())}."
        )
    return str(kind)
