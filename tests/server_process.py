"""A server in a process of its own, as `diarist up` runs it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from waiting import PATIENCE

PROGRAM = """
import sys
from diarist.errors import DiaristError
from diarist.services.standalone import serve
from diarist.settings import load_settings
from diarist.telemetry.logging import configure_logging
settings = load_settings()
configure_logging(settings.log)
try:
    serve(settings, announce=lambda url: print(url, flush=True))
except DiaristError as error:
    sys.exit(f"{error.code}: {error.message} {error.advice}")
"""
SLOW = "speed=2"
"""The scripted engine needs half a minute for the sample."""


class ServerProcess:
    """Serves over a data directory, on a free port unless one is named, with the scripted engine."""

    def __init__(self, data_dir: Path, port: int = 0, **more: str) -> None:
        settings = {"DATA_DIR": str(data_dir), "HTTP__PORT": str(port), "ENGINE__NAME": "scripted", "ENGINE__MODEL": SLOW}
        settings |= more
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            env={**os.environ, **{f"DIARIST_{name}": value for name, value in settings.items()}},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def url(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def end(self, number: int) -> tuple[int, float]:
        """Exit status and seconds until it had ended."""
        started = time.monotonic()
        self.process.send_signal(number)
        return self.process.wait(PATIENCE), time.monotonic() - started

    def refusal(self) -> str:
        _, err = self.process.communicate(timeout=PATIENCE)
        assert self.process.returncode == 1
        return err.strip().splitlines()[-1]
