"""Calls to a child: it starts at the first one, is killed when a call is cancelled, and is replaced when it died."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from functools import partial
from typing import Any

import msgspec
import structlog

from diarist.child.figures import Report
from diarist.child.running import RunningChild
from diarist.child.wire import Message
from diarist.errors import ChildDied, DiaristError, EngineFailed, MemoryExceeded, error_classes
from diarist.errors.origin import Origin
from diarist.telemetry.metrics.children import ChildEnd, ChildWatch, unwatched
from diarist.telemetry.reporting import told_to_child
from diarist.telemetry.tracing import Kind, Reported, adopt, span


class ChildProcess:
    """One child and its calls, one after the other; belongs to one event loop, in whatever thread that runs."""

    def __init__(
        self, target: str, options: Mapping[str, Any], *, name: str = "the child process", watch: ChildWatch | None = None
    ) -> None:
        """`target`: an `OpenHandler` of `serve.py` as `module:function`. `options`: JSON values. `name`: for errors and logs.

        `watch`: hears what the child counts, and of its beginning and end.
        """
        self._target, self._options = target, dict(options)
        self._name = name
        self._watch = watch or unwatched(name)
        self._turn = asyncio.Lock()
        self._child: RunningChild | None = None
        self._reaping: set[asyncio.Task[None]] = set()

    @property
    def pid(self) -> int | None:
        """The child's, while there is one."""
        return self._child.pid if self._child else None

    async def call(
        self, method: str, params: Mapping[str, Any], payload: bytes = b"", *, patience: float = 600.0
    ) -> AsyncGenerator[Message, None]:
        """Yield each message of the answer as it comes; waits while another call is running.

        A child that says nothing for `patience` seconds hangs: it is killed, which is `ChildDied`.
        Leaving early, by cancellation or by closing the generator, kills the child at once. Raises what the child raised if that
        is a `DiaristError`, `EngineFailed` for any other error in it, `ChildDied` when it died; the next call starts another.
        """
        body = {"target": self._target, "options": self._options, "method": method, "params": dict(params)}
        about = {"diarist.child": self._name}
        async with self._turn:
            with span(f"call {method}", kind=Kind.CLIENT, attributes=about, leaf=True) as calling:
                body |= {"trace": told_to_child(calling), "log": structlog.contextvars.get_contextvars()}
                async with aclosing(self._answered(Message(body, payload), patience)) as answer:
                    async for message in answer:
                        yield message

    async def _answered(self, call: Message, patience: float) -> AsyncGenerator[Message, None]:
        """The answer to a call, whose turn it is."""
        child = await self._started()
        answered, end = False, ChildEnd.CANCELLED
        try:
            await child.send("call", call)
            while not answered:
                async with asyncio.timeout(patience):
                    kind, message = await child.receive()
                answered = kind in {"end", "error"}
                if kind == "message":
                    yield message
                elif kind == "figures":
                    self._hear(child.pid, message)
                elif kind == "spans":
                    adopt(Reported(**one) for one in message.body["spans"])
        except TimeoutError as error:
            end = ChildEnd.HUNG
            raise ChildDied(f"{self._name} gave no sign of life for {patience:g} s and was stopped") from error
        except ChildDied:
            end = ChildEnd.DIED
            raise
        finally:
            if not answered:
                await self._end(child, end)
        if kind == "error":
            raise _rebuilt(message.body, self._name)

    async def rest(self) -> None:
        """End the child as soon as it has no call; the next call starts another."""
        async with self._turn:
            if self._child:
                await self._end(self._child, ChildEnd.RESTED)

    async def stop(self, pid: int, reason: DiaristError) -> None:
        """Kill the child that has this pid, in its call, which raises `reason`; another that came instead of it stays."""
        if self._child and self._child.pid == pid:
            end = ChildEnd.MEMORY if isinstance(reason, MemoryExceeded) else ChildEnd.CANCELLED
            await self._end(self._child, end, reason)

    async def close(self) -> None:
        """Kill the child, if there is one, and wait until nothing of it is left."""
        if self._child:
            await self._end(self._child, ChildEnd.CLOSED)
        while self._reaping:
            await asyncio.wait(self._reaping)

    async def _started(self) -> RunningChild:
        if self._child and not self._child.alive:
            await self._end(self._child, ChildEnd.DIED)
        if self._child is None:
            self._child = await RunningChild.start(self._name)
            self._watch.started(self._child.pid, partial(_ask, asyncio.get_running_loop(), self._child))
        return self._child

    def _hear(self, pid: int, message: Message) -> None:
        try:
            report = msgspec.convert(message.body, Report)
        except msgspec.ValidationError as error:
            raise ChildDied(f"{self._name} broke the protocol of its pipe and was stopped") from error
        self._watch.reported(pid, report.cpu_seconds, report.gpu_seconds)
        for note in report.notes:
            self._watch.noted(note.about, note.name, note.figures)

    async def _end(self, child: RunningChild, end: ChildEnd, reason: DiaristError | None = None) -> None:
        child.kill(reason)
        self._watch.ended(child.pid, end)
        if self._child is child:
            self._child = None
            reaping = asyncio.create_task(child.reap())
            self._reaping.add(reaping)
            reaping.add_done_callback(self._reaping.discard)
            await asyncio.shield(reaping)  # goes on even if the caller is cancelled meanwhile


def _ask(loop: asyncio.AbstractEventLoop, child: RunningChild, kind: str, body: Mapping[str, Any]) -> None:
    """Send a frame to a child from another thread; nothing is said when it is gone."""
    sending = child.send(kind, Message(dict(body)))
    try:
        asyncio.run_coroutine_threadsafe(sending, loop)
    except RuntimeError:
        sending.close()  # its loop is over


def _rebuilt(body: Mapping[str, Any], name: str) -> DiaristError:
    origin = msgspec.convert(body["origin"], Origin)
    if "code" in body:
        error = error_classes().get(body["code"], EngineFailed)(body["message"], advice=body["advice"])
        error.retry_after = body["retry_after"]
    else:
        error = EngineFailed(f"{name} failed with {origin.type}; the log has its traceback")
    error.origin = origin
    return error
