"""All of Diarist in containers, by `make up` as a user would, under a name and on ports of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from containers.engine import CommandFailed, Engine, command
from diarist.client.clients import Client
from postgres_server import free_port

NAME = "diarist-e2e"
BASE, OFFLINE = "docker-compose.yml", "deploy/docker/compose.offline.yml"
ROLES = ("ingestion-api", "job-status-api", "transcription-worker", "llm-worker")
PORTS = ("FLEET_PORT", "FLEET_PROMETHEUS_PORT", "FLEET_ALERTMANAGER_PORT", "FLEET_GRAFANA_PORT", "FLEET_JAEGER_PORT")
CHUNK_SECONDS = 600
"""So that a memo of twenty minutes is some tasks that take each of the workers a while."""
OWN = f"""
services:
  transcription-worker: {{environment: {{DIARIST_PLAN__CHUNK_SECONDS: "{CHUNK_SECONDS}"}}}}
  ingestion-api: {{deploy: {{replicas: 2}}}}
"""
"""What is other than in the files that ship."""


@dataclass(frozen=True, slots=True)
class Stack:
    """It, once it is up."""

    engine: Engine
    settings: Mapping[str, str]
    secrets: Path

    @property
    def url(self) -> str:
        """Of the load balancer."""
        return f"http://127.0.0.1:{self.settings['FLEET_PORT']}"

    @property
    def key(self) -> str:
        """The one that `make up` has made."""
        return (self.secrets / "first_api_key").read_text().strip()

    def client(self) -> Client:
        """Through the load balancer."""
        return Client(self.url, self.key)

    def compose(self, *arguments: str, seconds: float = 120.0, **settings: str) -> str:
        """What Compose prints; `settings` are other than at its start."""
        return command((*self.engine.compose, *arguments), seconds, {**self.settings, **settings})

    def containers(self, *services: str) -> list[dict[str, Any]]:
        """What the engine knows of those that run, or have run, for these services; of all, where none is named."""
        return self.engine.inspect(*self.compose("ps", "--all", "--quiet", *services).split())

    def until_healthy(self, *services: str, number: int, patience: float = 120.0) -> float:
        """Wait until so many containers are; seconds that it took."""
        began = time.monotonic()
        until(
            lambda: (
                sum(one["State"].get("Health", {}).get("Status") == "healthy" for one in self.containers(*services)) >= number
            ),
            patience,
            f"{number} healthy containers of {', '.join(services)}",
        )
        return time.monotonic() - began


def until(condition: Callable[[], Any], patience: float, what: str) -> Any:
    """What the condition gives, once it gives something."""
    deadline = time.monotonic() + patience
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise CommandFailed(f"after {patience:.0f} s there are not: {what}")
        time.sleep(0.3)
    return found


@contextmanager
def _own_images(engine: Engine) -> Iterator[dict[str, str]]:
    """The images under names of its own, so that whoever builds meanwhile changes nothing."""
    tags = {"FLEET_IMAGE": ("diarist-api", f"{NAME}-api"), "FLEET_WORKER_IMAGE": ("diarist", f"{NAME}-worker")}
    for built, tag in tags.values():
        engine.run("tag", f"{built}:latest", f"{tag}:trial")
    try:
        yield {"FLEET_VERSION": "trial", **{name: tag for name, (_, tag) in tags.items()}}
    finally:
        engine.run("rmi", *(f"{tag}:trial" for _, tag in tags.values()))


@contextmanager
def stack_up(engine: Engine, folder: Path, *, offline: bool) -> Iterator[Stack]:
    """`make up`; in the end `make down`, with all volumes."""
    own = folder / "own.yml"
    own.write_text(OWN)
    secrets = folder / "secrets"
    with _own_images(engine) as images:
        settings = {
            "FLEET_NAME": NAME,
            "FLEET_SECRETS": str(secrets),
            "FLEET_FRONT": "172.30.81.0/24",
            "COMPOSE_FILE": ":".join([BASE, *([OFFLINE] if offline else []), str(own)]),
            **images,
            **{name: str(free_port()) for name in PORTS},
        }
        stack = Stack(engine, settings, secrets)
        down(stack)  # what a run that was killed has left
        try:
            command(("sh", "scripts/fleet.sh", "up"), 420, settings)
            yield stack
        finally:
            (folder / "ps.txt").write_text(stack.compose("ps", "--all"))
            (folder / "containers.log").write_text(stack.compose("logs", "--no-color", "--timestamps", seconds=60))
            down(stack)


def down(stack: Stack) -> None:
    """End it, and delete all that it has kept."""
    command(("sh", "scripts/fleet.sh", "down", "--volumes", "--timeout", "30"), 180, stack.settings)


def left_behind(engine: Engine) -> list[str]:
    """What still bears its name."""
    mine = f"label=com.docker.compose.project={NAME}"
    return [
        f"{kind} {name}"
        for kind, arguments in {"container": ("ps", "--all"), "network": ("network", "ls"), "volume": ("volume", "ls")}.items()
        for name in engine.run(*arguments, "--quiet", "--filter", mine).split()
    ]
