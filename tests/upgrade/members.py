"""A fleet whose processes run the code of one release or the other, and are replaced one by one."""

from __future__ import annotations

import signal
import subprocess
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import httpx

import waiting
from postgres_server import free_port
from upgrade.releases import Release

PATIENCE = 90.0
"""Seconds in which a process must be ready, or must have ended."""


class Member:
    """One process."""

    def __init__(self, release: Release, role: str, number: int, settings: Mapping[str, str], folder: Path) -> None:
        self.release, self.role = release, role
        self.name = f"{release.name}/{role}/{number}"
        """What the books call it."""
        self.public, self.private = free_port(), free_port()
        self.log = folder / f"{self.name.replace('/', '-')}.log"
        own = {
            **settings,
            "DATABASE__URL": f"{settings['DATABASE__URL']}?options={quote(f'-c chaos.member={self.name}', safe='')}",
            "DATA_DIR": str(folder / "data" / self.log.stem),
            "HTTP__PORT": str(self.public),
            "HTTP__PRIVATE_PORT": str(self.private),
        }
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [release.python, "-m", "diarist", "serve", role],
                env=release.environment(own), cwd=release.source, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def ready(self) -> bool:
        """Whether it says so."""
        try:
            return httpx.get(f"http://127.0.0.1:{self.private}/health/ready", timeout=5, trust_env=False).is_success
        except httpx.HTTPError:
            return False

    def await_ready(self) -> None:
        """Until it says so; raises when it ends instead."""
        why = lambda: f"{self.name} is not ready: {self.log.read_text()[-3000:]}"  # noqa: E731
        waiting.until(self.ready, patience=PATIENCE, pause=0.2, process=self.process, why=why)

    def end(self) -> int:
        """SIGTERM; its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        """Kill it, if it still runs."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(PATIENCE)


class Fleet:
    """All members there are now, and how those ended that were told to."""

    def __init__(self, settings: Mapping[str, str], folder: Path) -> None:
        self._settings, self._folder = settings, folder
        self.members: dict[str, list[Member]] = {}
        """By role."""
        self.statuses: dict[str, int] = {}
        """Exit statuses of those that were told to end, by name."""
        self._numbers: Counter[str] = Counter()

    def of(self, role: str) -> list[Member]:
        """Its members; the list stays the same."""
        return self.members.setdefault(role, [])

    def begin(self, release: Release, role: str) -> Member:
        """Start one; nobody is sent to it before it is ready."""
        self._numbers[role] += 1
        member = Member(release, role, self._numbers[role], self._settings, self._folder)
        self.of(role).append(member)
        return member

    def end(self, member: Member) -> None:
        """Tell one to end, and wait until it has; it drains meanwhile."""
        self.statuses[member.name] = member.end()
        self.of(member.role).remove(member)

    def running(self) -> list[Member]:
        """Whoever there is."""
        return [member for members in self.members.values() for member in members]

    def close(self) -> None:
        """Kill all."""
        for member in self.running():
            member.close()
