"""Serves `gguf.py` from a child process: llama.cpp is foreign code that may crash, and reads files that strangers made."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from diarist.child.serve import Handler
from diarist.child.wire import Message
from diarist.errors import ModelUnavailable
from diarist.ports.language_model import Outcome

_SILENT, _ERRORS = -1, 1
"""How much llama.cpp tells: the errors of some of its parts repeat what a model answered, so it is silent while it works."""
_WHY = "error loading model: "
_OUTCOMES = {"length": Outcome.UNFINISHED, "content_filter": Outcome.REFUSED}


def open_llama(_options: Mapping[str, Any]) -> Handler:
    """The handler of the methods `load` and `ask`; both load the model that they name, once."""
    servers: dict[str, Any] = {}

    def handler(method: str, params: Mapping[str, Any], _payload: bytes) -> Iterator[Message]:
        path = params["path"]
        if path not in servers:
            servers[path] = _load(path, params["context_tokens"], params["threads"])
        yield Message(_answer(servers[path], params["request"]) if method == "ask" else {})

    return handler


def _load(path: str, context_tokens: int, threads: int) -> Any:
    """llama.cpp's server with the model in it; raises `ModelUnavailable`."""
    try:
        return _server(path, context_tokens, threads, _SILENT)
    except RuntimeError as error:
        raise ModelUnavailable(
            f"llama.cpp cannot load {path}: {_reason(path, context_tokens, threads)}",
            advice="Choose another file with DIARIST_LLM__PROVIDERS; a newer xllamacpp may know newer kinds of models.",
        ) from error


def _server(path: str, context_tokens: int, threads: int, verbosity: int) -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = path
    params.n_ctx = context_tokens
    params.n_parallel = 1
    params.verbosity = verbosity
    params.cache_ram_mib = 0  # else questions of up to 8 GB are remembered besides
    params.warmup = False
    params.ui = params.endpoint_slots = False
    params.offline = True
    for processors in (params.cpuparams, params.cpuparams_batch):
        processors.n_threads = threads or _half()
    with tempfile.TemporaryDirectory(prefix="diarist-llama-") as folder:
        # It insists on listening, to anybody and without a key. So it does, on a socket that nobody else may reach, and whose
        # name is gone as soon as it is there.
        params.hostnames = [str(Path(folder, "unused.sock"))]
        return xllamacpp.Server(params)


def _half() -> int:
    """With hyper-threading the cores; and an engine that hears meanwhile gets the rest.

    Its threads wait for each other after each step: on two busy processors two of them wrote 1.3 tokens a second, one wrote 21.
    """
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, processors // 2)


def _answer(server: Any, request: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a `Reply`, or what it `failed` with."""
    try:
        answer = server.handle_chat_completions(dict(request))
    except ValueError:
        return {"failed": Outcome.REJECTED}
    if "error" in answer:
        too_long = answer["error"].get("type") == "exceed_context_size_error"
        return {"failed": Outcome.CONTEXT_TOO_LONG if too_long else Outcome.REJECTED}
    choice, usage = answer["choices"][0], answer["usage"]
    return {
        "text": choice["message"].get("content") or "",
        "outcome": _OUTCOMES.get(choice["finish_reason"], Outcome.ANSWERED),
        "input_tokens": usage["prompt_tokens"],
        "output_tokens": usage["completion_tokens"],
        "cached_tokens": usage["prompt_tokens_details"]["cached_tokens"],
    }


def _reason(path: str, context_tokens: int, threads: int) -> str:
    """Try once more and listen, for its errors are told to stderr alone; nothing was asked yet that they could repeat."""
    kept = os.dup(2)
    with tempfile.TemporaryFile() as heard:
        os.dup2(heard.fileno(), 2)
        try:
            _server(path, context_tokens, threads, _ERRORS)
        except RuntimeError:
            heard.seek(0)
            lines = heard.read().decode(errors="replace").splitlines()
        else:
            lines = []
        finally:
            os.dup2(kept, 2)
            os.close(kept)
    return next((line.partition(_WHY)[2] for line in lines if _WHY in line), "it says nothing more")
