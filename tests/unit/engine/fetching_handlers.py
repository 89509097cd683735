"""A child that fetches models; it finds this file through PYTHONPATH."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import huggingface_hub  # noqa: F401 - so that a call takes no longer than its fetching

from diarist.child.serve import Handler
from diarist.child.wire import Message
from diarist.engine import hub


def open_handler(_options: Mapping[str, Any]) -> Handler:
    return handle


def handle(method: str, params: Mapping[str, Any], _payload: bytes) -> Iterator[Message]:
    if method == "fetch":
        yield Message({"path": str(hub.fetch(params["repository"], Path(params["models_dir"])))})
