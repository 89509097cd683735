"""Which Whisper model hears, and where it lies: a folder, an installed package that carries it, or the Hugging Face hub."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Literal, TypeAlias

from diarist.engine import hub
from diarist.engine.known_models import KNOWN_MODELS
from diarist.engine.packaged_models import PACKAGED_MODELS, is_installed, model_folder, packaged_size
from diarist.errors import ModelUnavailable

MAX_NAME = 200
"""Characters of a model's name that fit beside a transcript; a folder's name may have more."""
Origin: TypeAlias = Literal["folder", "package", "hub"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedModel:
    """A model that is on this machine."""

    name: str
    """What people call it; never a path."""
    path: str
    """Its folder."""
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedModel:
    """A model that one could use."""

    name: str
    origin: Origin
    size: int | None
    """Bytes, about; None when that is not known."""
    present: bool
    """Whether it works without the network."""
    languages: Literal["English", "many", "unknown"]


def resolve(model: str, cache_dir: Path, progress: hub.Progress | None = None) -> ResolvedModel:
    """Find the model that the settings ask for, and make it ready.

    `auto` is the best that installed packages carry and never touches the network; a name from the hub is fetched unless it is
    here already. May take minutes. Raises `ModelUnavailable`, `StorageFull`.
    """
    return find(model, cache_dir) or pull(model, cache_dir, progress)


def find(model: str, cache_dir: Path) -> ResolvedModel | None:
    """The model that the settings ask for, unless it would have to be fetched. Raises `ModelUnavailable`, `StorageFull`."""
    if model == "auto":
        return _auto(cache_dir)
    return _as_folder(model) or _present(model, cache_dir)


def pull(model: str, cache_dir: Path, progress: hub.Progress | None = None) -> ResolvedModel:
    """Make a named model ready for use without the network. Raises `ModelUnavailable`, `StorageFull`."""
    if present := _present(model, cache_dir):
        return present
    repository = hub.repository_of(model)
    if not repository:
        near = get_close_matches(model, {*KNOWN_MODELS, *PACKAGED_MODELS}, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise ModelUnavailable(f"There is no model called {model!r}.{hint}")
    path = hub.fetch(repository, _models_dir(cache_dir), progress)
    return ResolvedModel(name=model, path=str(path), origin="hub")


def list_models(cache_dir: Path) -> list[ListedModel]:
    """What is here, then what could be fetched; the network is not asked."""
    models_dir = _models_dir(cache_dir)
    packaged = [model for model in PACKAGED_MODELS.values() if is_installed(model)]
    listed = [
        ListedModel(name=model.name, origin="package", size=packaged_size(model), present=True, languages=_languages(model.name))
        for model in packaged
    ]
    short_names = {model.repository: model.name for model in KNOWN_MODELS.values()}
    for repository in hub.cached_repositories(models_dir):
        folder = hub.cached(repository, models_dir)
        size = sum(file.stat().st_size for file in folder.iterdir()) if folder else None
        name = short_names.get(repository, repository)
        listed.append(ListedModel(name=name, origin="hub", size=size, present=True, languages=_languages(name)))
    here = {model.name for model in listed}
    listed += (
        ListedModel(name=known.name, origin="hub", size=known.megabytes * 10**6, present=False, languages=_languages(known.name))
        for known in KNOWN_MODELS.values()
        if known.name not in here
    )
    return listed


def _auto(cache_dir: Path) -> ResolvedModel:
    for name in PACKAGED_MODELS:
        if present := _packaged(name, cache_dir):
            return present
    raise ModelUnavailable(
        "No installed package carries a model.", advice="Install Diarist again, or `diarist model pull small`."
    )


def _present(name: str, cache_dir: Path) -> ResolvedModel | None:
    if packaged := _packaged(name, cache_dir):
        return packaged
    repository = hub.repository_of(name)
    folder = hub.cached(repository, _models_dir(cache_dir)) if repository else None
    return ResolvedModel(name=name, path=str(folder), origin="hub") if folder else None


def _packaged(name: str, cache_dir: Path) -> ResolvedModel | None:
    model = PACKAGED_MODELS.get(name)
    if not model or not is_installed(model):
        return None
    return ResolvedModel(name=name, path=str(model_folder(model, _models_dir(cache_dir))), origin="package")


def _as_folder(model: str) -> ResolvedModel | None:
    """A model's folder, when the setting can only be a path; a folder of that name must not hide a model such as `base`."""
    path = Path(model).expanduser()
    if not (model.startswith((".", "~")) or path.is_absolute() or ("/" in model and path.is_dir())):
        return None
    if not (path / "model.bin").is_file():
        advice = "Name the folder that holds model.bin, config.json and the tokenizer of a CTranslate2 conversion of Whisper."
        raise ModelUnavailable(f"There is no model in {path}.", advice=advice)
    name = path.absolute().name
    name = name if len(name) <= MAX_NAME else f"{name[: MAX_NAME - 1]}…"
    return ResolvedModel(name=name, path=str(path.absolute()), origin="folder")


def _languages(name: str) -> Literal["English", "many", "unknown"]:
    if name in KNOWN_MODELS:
        return "English" if KNOWN_MODELS[name].english_only else "many"
    return "unknown"


def _models_dir(cache_dir: Path) -> Path:
    return cache_dir / "models"
