"""The processes of a fleet, and the orchestrator that starts again whatever has ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil

from chaos.servers import Servers
from postgres_server import free_port

_RESTART = 0.5
"""Seconds from an end to the new start, as an orchestrator takes them."""
_PATIENCE = 60.0
"""Seconds in which a process must be ready, or must have ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """A process that was killed or stopped while it may have held tasks."""

    incarnation: str
    """What the audit calls the process."""
    at: float
    """Seconds since the epoch."""
    stood_still: bool = False
    """Whether it was stopped and went on, instead of being killed."""


@dataclass(slots=True, kw_only=True)
class Plan:
    """One place of a fleet and how its processes are started."""

    name: str
    role: str
    settings: Mapping[str, str] = field(default_factory=dict)
    spared: bool = False
    """Whether its processes are neither killed nor suspended."""
    clock: float = 0.0
    """Seconds by which its host's clock is ahead."""


class Member:
    """One place of a fleet: its ports stay the same, its processes come and go."""

    def __init__(self, plan: Plan, servers: Servers, folder: Path, common: Mapping[str, str]) -> None:
        self.plan, self.name, self.role = plan, plan.name, plan.role
        self._servers, self._common, self._folder = servers, common, folder
        self.public, self.private = free_port(), free_port()
        self.starts = 0
        self.cache = folder / "cache" / self.name
        self.process: subprocess.Popen[bytes] | None = None
        self.wanted = True
        """Whether it is started again when it ends."""
        self.still = False
        """Whether it is suspended just now."""

    @property
    def incarnation(self) -> str:
        """What the audit calls its present process."""
        return f"{self.name}.{self.starts}"

    @property
    def log(self) -> Path:
        """What all of its processes have said."""
        return self._folder / f"{self.name}.log"

    @property
    def url(self) -> str:
        """Its public address."""
        return f"http://127.0.0.1:{self.public}"

    def start(self) -> None:
        """Start a process."""
        self.starts += 1
        settings = {
            **self._common,
            **self._servers.settings(self.incarnation),
            "DATA_DIR": str(self._folder / "data" / self.name),
            "CACHE_DIR": str(self.cache),
            "HTTP__PORT": str(self.public),
            "HTTP__PRIVATE_PORT": str(self.private),
            **self.plan.settings,
        }
        module = ["chaos.off_clock", str(self.plan.clock)] if self.plan.clock else ["diarist"]
        path = os.pathsep.join(filter(None, (str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH"))))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *module, "serve", self.role],
                env={**os.environ, "PYTHONPATH": path, **{f"DIARIST_{name}": value for name, value in settings.items()}},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def ready(self) -> bool:
        """Whether it says so."""
        with suppress(httpx.HTTPError):
            return httpx.get(f"http://127.0.0.1:{self.private}/health/ready", timeout=5, trust_env=False).is_success
        return False

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def signal_all(self, number: signal.Signals) -> None:
        """Tell the process and its children, as when a whole machine is suspended."""
        if self.process is None:
            return
        with suppress(psutil.NoSuchProcess):
            parent = psutil.Process(self.process.pid)
            for process in (parent, *parent.children(recursive=True)):
                with suppress(psutil.NoSuchProcess):
                    process.send_signal(number)

    def kill(self) -> None:
        """SIGKILL; its children have to notice by themselves."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(_PATIENCE)

    def end(self) -> int:
        """SIGTERM, for good; its exit status."""
        self.wanted = False
        if self.process is None:
            return 0
        self.process.terminate()
        return self.process.wait(_PATIENCE)


class FleetProcesses:
    """All members, started again when they end."""

    def __init__(self, servers: Servers, folder: Path, common: Mapping[str, str]) -> None:
        self._servers, self._folder, self._common = servers, folder, common
        self.members: list[Member] = []
        self.losses: list[Loss] = []
        self.unasked: list[str] = []
        """Processes that ended though nobody had killed them."""
        self._killed: set[str] = set()
        self._watching = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="orchestrator", daemon=True)

    def watch(self) -> None:
        """Begin to start again what ends."""
        self._thread.start()

    def add(self, plans: Sequence[Plan]) -> list[Member]:
        """Start new members; they are ready at the end."""
        added = [Member(plan, self._servers, self._folder, self._common) for plan in plans]
        for member in added:
            member.start()
        self.members += added
        deadline = time.monotonic() + _PATIENCE
        for member in added:
            while not member.ready():
                if time.monotonic() > deadline:
                    raise RuntimeError(f"{member.name} is not ready: {member.log.read_text()[-3000:]}")
                time.sleep(0.2)
        return added

    def of(self, role: str) -> list[Member]:
        """Its members that are wanted."""
        return [member for member in self.members if member.role == role and member.wanted]

    def kill(self, member: Member) -> None:
        """Kill a process; the orchestrator starts another one."""
        self._killed.add(member.incarnation)
        self.losses.append(Loss(incarnation=member.incarnation, at=time.time()))
        member.kill()

    def stop(self, member: Member) -> None:
        """Tell a process to end; the orchestrator starts another one."""
        self._killed.add(member.incarnation)
        if member.process is not None:
            member.process.terminate()
            member.process.wait(_PATIENCE)

    def suspend(self, member: Member) -> Loss:
        """Let a member stand still, as a machine that swaps, or is moved; it counts as lost once it is put among the losses."""
        loss = Loss(incarnation=member.incarnation, at=time.time(), stood_still=True)
        member.still = True
        member.signal_all(signal.SIGSTOP)
        return loss

    def resume(self, member: Member) -> None:
        """Let it go on."""
        member.signal_all(signal.SIGCONT)
        member.still = False

    def close(self) -> None:
        """Kill whatever is left."""
        for member in self.members:
            member.wanted = False
        self._watching.set()
        if self._thread.is_alive():
            self._thread.join(_PATIENCE)
        for member in self.members:
            if member.alive():
                member.signal_all(signal.SIGCONT)
                member.kill()

    def _watch(self) -> None:
        while not self._watching.wait(0.1):
            for member in list(self.members):
                if member.wanted and not member.alive():
                    if member.incarnation not in self._killed:
                        self.unasked.append(f"{member.incarnation} ended with {member.process and member.process.returncode}")
                        self._killed.add(member.incarnation)
                    if not self._watching.wait(_RESTART) and member.wanted:
                        member.start()
