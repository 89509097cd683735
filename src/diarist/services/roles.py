"""The roles of an installation: what each serves, which queues it works off, and on which ports it listens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import APIRouter

from diarist.queue.broker import GROUPS, Group
from diarist.services import routers
from diarist.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """What a process can be."""

    name: str
    routers: Callable[[], tuple[APIRouter, ...]] = tuple
    queues: frozenset[str] = frozenset()
    public_port: int | None = None
    """Where it serves its routes, unless DIARIST_HTTP__PORT says otherwise; None for a worker."""
    private_port: int
    """Where it tells of its health, unless DIARIST_HTTP__PRIVATE_PORT says otherwise."""

    @property
    def groups(self) -> tuple[Group, ...]:
        """Its queues, by the threads that they share."""
        return tuple(group for group in GROUPS if self.queues.issuperset(group.queues))

    def with_ports(self, settings: Settings) -> Settings:
        """The settings, with the role's own ports where none was chosen."""
        chosen = settings.http.model_fields_set
        ports: dict[str, int] = {}
        if "port" not in chosen and self.public_port is not None:
            ports["port"] = self.public_port
        if settings.http.private_port is None:
            ports["private_port"] = self.private_port
        return settings.model_copy(update={"http": settings.http.model_copy(update=ports)})


ROLES = {
    role.name: role
    for role in (
        Role(name="ingestion-api", routers=routers.writing, public_port=8000, private_port=9100),
        Role(name="job-status-api", routers=routers.reading, public_port=8001, private_port=9103),
        Role(name="transcription-worker", queues=frozenset({"audio", "transcription"}), private_port=9101),
        Role(name="llm-worker", queues=frozenset({"llm", "delivery"}), private_port=9102),
        Role(
            name="standalone",
            routers=routers.everything,
            queues=frozenset({"audio", "transcription", "llm", "delivery"}),
            public_port=8000,
            private_port=9100,
        ),
    )
}
"""By name; a worker has queues, an API has routers, `standalone` has all of both."""
