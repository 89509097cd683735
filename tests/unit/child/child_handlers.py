"""What the children of the tests do; they find this file through PYTHONPATH."""

from __future__ import annotations

import ctypes
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from diarist import errors
from diarist.child.alive import signs_of_life
from diarist.child.figures import computed_on_cards, note
from diarist.child.serve import Handler
from diarist.child.wire import Message

held: list[bytes] = []


def open_handler(options: Mapping[str, Any]) -> Handler:
    if options.get("broken"):
        raise errors.ModelUnavailable("no such model", advice="try another")
    if "born" in options:
        with Path(options["born"]).open("a") as file:
            file.write("born\n")
    return handle


def handle(method: str, params: Mapping[str, Any], payload: bytes) -> Iterator[Message]:  # noqa: C901, PLR0912, PLR0915
    match method:
        case "echo":
            yield Message({"params": dict(params), "pid": os.getpid()}, payload)
        case "count":
            for number in range(params["to"]):
                yield Message({"number": number}, bytes(params.get("size", 0)))
        case "noise":
            print("printed by a library", flush=True)  # noqa: T201
            os.write(1, b"written by native code\n" * 10_000)
            sys.stdin.read()
            yield Message({"read": os.read(0, 10).decode()})
        case "raise":
            raise getattr(errors, params["error"])("about this", advice="do that")
        case "surprise":
            raise KeyError("a secret of the recording")
        case "exit":
            yield Message({})
            os._exit(3)
        case "signal":
            os.kill(os.getpid(), params["signal"])
        case "garbage":
            for descriptor in range(3, 10):
                with suppress(OSError):  # not all of them are open for writing
                    os.write(descriptor, b"garbage\n" * 100)
        case "unsayable":
            yield Message({"number": float("nan")})
        case "cards":
            computed_on_cards(params["seconds"])
        case "note":
            note("slept", seconds=params["seconds"])
            if params.get("fail"):
                raise errors.EngineFailed
            yield Message({})
        case "work":
            until = time.process_time() + params["seconds"]
            while time.process_time() < until:
                pass
            yield Message({})
        case "grow":
            held.append(b"x" * params["bytes"])
            yield Message({"pid": os.getpid()})
            time.sleep(params.get("seconds", 0))
        case "fetch":
            with signs_of_life(every=0.05):
                time.sleep(params["seconds"])
            yield Message({"fetched": True})
            time.sleep(params.get("then", 0))
        case "sleep":
            yield Message({"pid": os.getpid()})
            time.sleep(600)
        case "hold":  # a native call that never lets go of the interpreter's lock
            yield Message({"pid": os.getpid()})
            ctypes.PyDLL(None).sleep(600)
