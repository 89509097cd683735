"""The program, the libraries it stands on, and the folders it writes to."""

from __future__ import annotations

import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from diarist import __version__
from diarist.cli.checks.check import Check, Status, there
from diarist.cli.clock import size

LIBRARIES = (
    "av",
    "faster-whisper",
    "ctranslate2",
    "onnxruntime",
    "numpy",
    "sqlalchemy",
    "aiosqlite",
    "obstore",
    "dramatiq",
    "fastapi",
)
"""Those whose versions matter when something is wrong."""
CODECS = ("mp3", "aac", "flac", "vorbis", "opus", "pcm_s16le", "pcm_alaw")
"""Decoders without which common recordings cannot be read."""
_LITTLE, _TOO_LITTLE = 2_000_000_000, 100_000_000
"""Bytes free."""


def program() -> Iterator[Check]:
    """Python, Diarist and the libraries it stands on."""
    yield Check("diarist", Status.OK, __version__)
    yield Check("python", Status.OK, f"{platform.python_version()} on {platform.platform()}, {sys.executable}")
    found, missing = [], []
    for name in LIBRARIES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        yield Check("libraries", Status.FAIL, f"missing: {', '.join(missing)}", "Install Diarist again.")
    else:
        yield Check("libraries", Status.OK, ", ".join(found))


def codecs() -> Check:
    """Whether FFmpeg, as PyAV brings it, decodes what people record."""
    try:
        import av
    except ImportError as error:
        return Check("codecs", Status.FAIL, f"PyAV cannot be loaded: {error}", "Install Diarist again.")
    missing = [name for name in CODECS if name not in av.codecs_available]
    if missing:
        return Check(
            "codecs", Status.FAIL, f"no decoder for {', '.join(missing)}", "Install PyAV from its wheel, which brings FFmpeg."
        )
    libavcodec = ".".join(map(str, av.library_versions["libavcodec"]))
    return Check("codecs", Status.OK, f"{len(CODECS)} of {len(CODECS)} common ones, libavcodec {libavcodec}")


def folder(name: str, path: Path, variable: str) -> Check:
    """Whether a folder can be written to, and what room there is."""
    nearest = next(parent for parent in (path, *path.parents) if there(parent))
    try:
        if not nearest.is_dir():
            return Check(name, Status.FAIL, f"{nearest} is not a folder", f"Choose another with {variable}.")
        with tempfile.TemporaryFile(dir=nearest):
            pass
        free = shutil.disk_usage(nearest).free
    except OSError as error:
        return Check(name, Status.FAIL, f"{nearest}: {error.strerror}", f"Make it writable, or choose another with {variable}.")
    detail = f"{path}, {size(free)} free" + ("" if there(path) else "; will be made when it is first needed")
    if free < _LITTLE:
        status = Status.FAIL if free < _TOO_LITTLE else Status.WARN
        return Check(name, status, detail, f"Make room, or choose another place with {variable}.")
    return Check(name, Status.OK, detail)
