"""Models from the Hugging Face hub, kept in the layout of its own cache; only a model that was asked for by name is fetched."""

from __future__ import annotations

import errno
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from diarist.child.alive import signs_of_life
from diarist.engine.known_models import KNOWN_MODELS
from diarist.errors import ModelUnavailable, StorageFull

Progress: TypeAlias = Callable[[int, int], None]
"""Receives the bytes that are here and the bytes of the whole, as far as they are known."""

_FILES = ["config.json", "preprocessor_config.json", "model.bin", "tokenizer.json", "vocabulary.*"]
_REPOSITORY = re.compile(r"[\w-][\w.-]*/[\w-][\w.-]*")


def repository_of(name: str) -> str | None:
    """The repository that a known name or `organisation/repository` stands for."""
    if name in KNOWN_MODELS:
        return KNOWN_MODELS[name].repository
    return name if _REPOSITORY.fullmatch(name) else None


def cached(repository: str, models_dir: Path) -> Path | None:
    """The folder of a model that was fetched before, looked up without the network."""
    snapshots = _folder(repository, models_dir) / "snapshots"
    whole = [file.parent for file in snapshots.glob("*/model.bin") if (file.parent / "config.json").is_file()]
    return max(whole, key=lambda folder: folder.stat().st_mtime, default=None)


def cached_repositories(models_dir: Path) -> Iterator[str]:
    """The repositories that were fetched before."""
    for folder in sorted(_hub(models_dir).glob("models--*--*")):
        repository = folder.name.removeprefix("models--").replace("--", "/", 1)
        if cached(repository, models_dir):
            yield repository


def fetch(repository: str, models_dir: Path, progress: Progress | None = None) -> Path:
    """Fetch a model, or what is missing of it; several processes may do so at once. Raises `ModelUnavailable`, `StorageFull`."""
    from huggingface_hub import snapshot_download  # a second, and only needed for the hub

    # Minutes without a word, also while another process fetches the same; the hub's library has patience of its own.
    with told(repository, models_dir), signs_of_life():
        folder = snapshot_download(
            repository, cache_dir=_hub(models_dir), allow_patterns=_FILES, tqdm_class=_reporting_bar(progress)
        )
    if not cached(repository, models_dir):
        advice = "Ask for a CTranslate2 conversion of Whisper, such as Systran/faster-whisper-small."
        raise ModelUnavailable(f"{repository} holds no model for this engine.", advice=advice)
    return Path(folder)


@contextmanager
def told(model: str, models_dir: Path) -> Iterator[None]:
    """Tells what goes wrong while a model is fetched; raises `ModelUnavailable`, `StorageFull`."""
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        yield
    except LocalEntryNotFoundError as error:
        advice = (
            "Connect this machine to the internet once, or copy the model's folder here and let DIARIST_ENGINE__MODEL name it. "
            "DIARIST_ENGINE__MODEL=auto needs no network."
        )
        raise ModelUnavailable(f"{model} is not on this machine, and the hub cannot be reached.", advice=advice) from error
    except HfHubHTTPError as error:
        advice = "Check the name at https://huggingface.co/models; a private model needs a token in HF_TOKEN."
        raise ModelUnavailable(f"The hub does not give {model}: {type(error).__name__}.", advice=advice) from error
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            advice = "Make room, or let DIARIST_CACHE_DIR name another disk; what has come is kept."
            raise StorageFull(f"There is no room for {model} in {models_dir}.", advice=advice) from error
        advice = "Try again; what has come is kept."
        raise ModelUnavailable(f"{model} could not be fetched: {type(error).__name__}.", advice=advice) from error


def _hub(models_dir: Path) -> Path:
    return models_dir / "hub"


def _folder(repository: str, models_dir: Path) -> Path:
    return _hub(models_dir) / f"models--{repository.replace('/', '--')}"


def _reporting_bar(progress: Progress | None) -> Any:
    """A bar that draws nothing and reports bytes; the hub's library makes one of its own for files, too, which is not heard."""
    from tqdm import tqdm  # type: ignore[import-untyped]

    class ReportingBar(tqdm):  # type: ignore[misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            kwargs.pop("name", None)
            self._counts_bytes = kwargs.get("unit") == "B"
            super().__init__(*args, **{**kwargs, "disable": True})

        def update(self, n: float | None = 1) -> bool | None:
            self.n += n or 0
            if progress and self._counts_bytes:
                progress(int(self.n), int(self.total or self.n))
            return None

    return ReportingBar
