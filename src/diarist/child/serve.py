"""The child's side: `python -m diarist.child.serve PARENT_PID NAME LOG_LEVEL` reads calls from stdin and answers on stdout.

The child lives and dies by its stdin: when the parent goes, even by `kill -9` in the middle of a long call, so does the child.
"""

from __future__ import annotations

import faulthandler
import importlib
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, TypeAlias

import structlog

from diarist.child.alive import how_to_tell
from diarist.child.figures import Notebook, notebook
from diarist.child.profiling import begin_profile
from diarist.child.wire import MAX_HEADER, Message, decode_body, decode_header, encode
from diarist.errors import DiaristError
from diarist.errors.origin import origin_of
from diarist.telemetry.logging import configure_child_logging
from diarist.telemetry.reporting import reporting, to_json
from diarist.telemetry.tracing import Reported, span

Handler: TypeAlias = Callable[[str, Mapping[str, Any], bytes], Iterable[Message]]
"""Answers a call, given its method, parameters and payload; each message is sent as soon as it is yielded."""
OpenHandler: TypeAlias = Callable[[Mapping[str, Any]], Handler]
"""What a target names: makes the handler from the options; called once, in the first call."""

_PR_SET_PDEATHSIG = 1

log = structlog.get_logger("diarist.child.serve")  # as a program, it is called otherwise


def main() -> None:
    """Serve until stdin ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole terminal; the parent decides
    faulthandler.enable()
    configure_child_logging(sys.argv[3])
    requests, answers = _take_pipes()
    _die_with_parent(int(sys.argv[1]))
    _stay_behind()
    calls: queue.Queue[Message] = queue.Queue()
    threading.Thread(target=_read, args=(requests, calls), daemon=True).start()
    how_to_tell.set(lambda: _write(answers, "alive", Message({})))
    notes = Notebook()
    notebook.set(notes)
    handler: Handler | None = None
    told: dict[str, Any]
    spans: list[Reported]
    while True:
        call = calls.get()
        kind, told, spans = "end", {}, []
        try:
            known = structlog.contextvars.bound_contextvars(**call.body.get("log", {}))
            with known, reporting(call.body.get("trace", {}), call.body["method"]) as spans, _logging_bugs():
                handler = handler or _open(call.body["target"], call.body["options"])
                for message in handler(call.body["method"], call.body["params"], call.payload):
                    _write(answers, "message", message)
                    if notes.due:
                        _write(answers, "figures", notes.report())
        except DiaristError as error:
            kind = "error"
            told = {"code": error.code, "message": error.message, "advice": error.advice, "retry_after": error.retry_after}
            told |= {"origin": asdict(origin_of(error))}
        except Exception as error:  # noqa: BLE001  # the border of the process: what is raised here has nowhere else to go
            kind, told = "error", {"origin": asdict(origin_of(error))}
        _write(answers, "figures", notes.report())
        if spans:
            _write(answers, "spans", Message({"spans": to_json(spans)}))
        _write(answers, kind, Message(told))


@contextmanager
def _logging_bugs() -> Iterator[None]:
    """Round a call, within its trace, so that the line of the log says whose bug it was; the parent hears of its class alone."""
    try:
        yield
    except DiaristError:
        raise
    except Exception:
        log.exception("child.failed")
        raise


def _open(target: str, options: Mapping[str, Any]) -> Handler:
    module, _, function = target.partition(":")
    with span("open", attributes={"code.function.name": target}):
        opener: OpenHandler = getattr(importlib.import_module(module), function)
        return opener(options)


def _take_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Keep both pipes for ourselves, so that a library that prints or reads cannot break the wire."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return requests, answers


def _die_with_parent(parent: int) -> None:
    """Ask Linux for what `_read` cannot do while native code holds the interpreter's lock."""
    if sys.platform == "linux":
        import ctypes  # the parent, too, may import this module

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before we asked
        os._exit(0)


def _stay_behind() -> None:
    """Be as nice as the parent is, if it was told to be.

    Where Linux shares processors out by session (sched(7), autogroup), nice(1) counts among the processes of a session only, and
    a child has a session of its own: unless it is told as well, it takes as much as all that its parent was to stay behind.
    """
    if os.name == "posix" and (nice := os.nice(0)) > 0:
        with suppress(OSError):  # another system, a kernel without such groups, or a sandbox that leaves them alone
            Path("/proc/self/autogroup").write_text(str(nice), encoding="ascii")


def _read(requests: IO[bytes], calls: queue.Queue[Message]) -> None:
    try:
        while line := requests.readline(MAX_HEADER):
            header = decode_header(line)
            body = requests.read(header.body)
            payload = requests.read(header.payload)
            if len(body) + len(payload) < header.body + header.payload:
                break
            if header.kind == "profile":
                begin_profile(decode_body(body))
            else:
                calls.put(Message(decode_body(body), payload))
    except (ValueError, OSError):
        log.exception("child.misunderstood")
    os._exit(0)  # a call may be running; nobody waits for its answer any more


def _write(answers: IO[bytes], kind: str, message: Message) -> None:
    frame = encode(kind, message)
    try:
        answers.write(frame)
        answers.write(message.payload)
        answers.flush()
    except OSError:
        os._exit(0)


if __name__ == "__main__":
    main()
