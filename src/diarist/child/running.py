"""One started child, seen from its parent: frames to and from it, its log, its end."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from contextvars import Context

from diarist.child.lines import tell
from diarist.child.wire import Message, decode_body, decode_header, encode
from diarist.errors import ChildDied, DiaristError

_log = logging.getLogger(__name__)

_EXIT_PATIENCE = 5.0
"""Seconds between the end of the child's answers and its exit; a core dump takes some."""
_PIECE = 2**16
"""Bytes read at once."""
_MAX_LINE = 16_384
"""Bytes of one line of the child's stderr that are logged."""


class RunningChild:
    """A process that runs `serve.py`."""

    def __init__(self, process: Process, name: str) -> None:
        assert process.stdin  # noqa: S101  # always opened with pipes
        assert process.stdout  # noqa: S101
        self._process, self._stdin, self._stdout = process, process.stdin, process.stdout
        self._name = name
        self._reading = asyncio.Lock()
        self._stopped = False
        self._reason: DiaristError | None = None
        # Apart from the call that started it: what it writes later belongs to others.
        self._log_task = asyncio.create_task(_log_lines(process, name), context=Context())

    @classmethod
    async def start(cls, name: str) -> RunningChild:
        """Start one; it waits for calls."""
        process = await asyncio.create_subprocess_exec(
            *(
                sys.executable,
                "-P",
                "-m",
                "diarist.child.serve",
                str(os.getpid()),
                name,
                logging.getLevelName(_log.getEffectiveLevel()),
            ),  # the name is for whoever lists processes
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            start_new_session=True,  # a Ctrl-C in the terminal must not reach it; the parent decides
        )
        return cls(process, name)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether its end has not been noticed yet."""
        return self._process.returncode is None

    async def send(self, kind: str, message: Message) -> None:
        """Send a frame; raises `ValueError` or `TypeError` when JSON cannot say it. That the child is dead shows in `receive`."""
        frame = encode(kind, message)
        with suppress(ConnectionError):
            self._stdin.writelines((frame, message.payload))
            await self._stdin.drain()

    async def receive(self) -> tuple[str, Message]:
        """The next frame's kind and content; raises `ChildDied`, or what it was killed for."""
        try:
            async with self._reading:
                header = decode_header(await self._stdout.readuntil(b"\n"))
                body = await self._stdout.readexactly(header.body)
                payload = await self._stdout.readexactly(header.payload)
            return header.kind, Message(decode_body(body), payload)
        except asyncio.IncompleteReadError as error:
            died = ChildDied(f"{self._name} {await self._how_it_died()}")
            raise self._reason or died from error
        except (ValueError, asyncio.LimitOverrunError) as error:
            raise ChildDied(f"{self._name} broke the protocol of its pipe and was stopped") from error

    def kill(self, reason: DiaristError | None = None) -> None:
        """SIGKILL for it and whatever it started; `reason` is what its call is told, if it has one."""
        if self.alive:
            self._stopped = True
            self._reason = self._reason or reason
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    async def reap(self) -> None:
        """Wait until nothing of a killed or dead child is left, neither process nor pipe."""
        self._stdin.close()
        async with self._reading:
            while await self._stdout.read(_PIECE):  # what it had already sent would keep the pipe open
                pass
        await self._process.wait()
        await self._log_task

    async def _how_it_died(self) -> str:
        try:
            async with asyncio.timeout(_EXIT_PATIENCE):
                code = await self._process.wait()
        except TimeoutError:
            return "stopped answering"
        if self._stopped:
            return "was stopped"
        if code >= 0:
            return f"exited with status {code} in the middle of its work"
        name = signal.Signals(-code).name
        return f"was killed by {name}" + ("; the machine may be out of memory" if name == "SIGKILL" else "")


async def _log_lines(process: Process, name: str) -> None:
    """The child's stderr, line by line; no more than a piece and a line are held in memory."""
    assert process.stderr  # noqa: S101  # always opened with a pipe
    rest = b""
    while data := await process.stderr.read(_PIECE):
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            tell(name, process.pid, line[:_MAX_LINE].decode(errors="replace"))
        rest = rest[:_MAX_LINE]
    if rest:
        tell(name, process.pid, rest.decode(errors="replace"))
