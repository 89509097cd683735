"""One worker of the fleet that is measured: all queues, as many threads as in earnest, with scripted parts; until SIGTERM.

Usage: control_plane_worker.py [whole], where whole entries are composed, as those who read them expect
"""

from __future__ import annotations

import signal
import sys
from functools import partial
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent)]

from control_plane_parts import STAGES, scripted_runtime  # noqa: E402

from diarist.pipeline import PIPELINE  # noqa: E402
from diarist.queue.broker import GROUPS  # noqa: E402
from diarist.services.garbage import collect_seldom  # noqa: E402
from diarist.services.workers import workers  # noqa: E402
from diarist.settings import load_settings  # noqa: E402
from diarist.telemetry.logging import configure_logging  # noqa: E402
from diarist.telemetry.metrics import Metrics  # noqa: E402
from diarist.telemetry.metrics.exposition import scrape  # noqa: E402
from diarist.telemetry.opening import open_tracing  # noqa: E402

SCRAPES_EVERY = 15.0
"""Seconds between two looks of Prometheus at it, as we ship it."""


def main(*, whole: bool) -> None:
    """Settings come from the environment, as for every role."""
    settings = load_settings()
    configure_logging(settings.log)
    collect_seldom()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    metrics, opening = Metrics.open("worker"), partial(scripted_runtime, stages=PIPELINE if whole else STAGES)
    with (
        open_tracing(settings.telemetry, "worker"),
        workers(settings, GROUPS, alone=False, opening=opening, metrics=metrics),
    ):
        print("working", flush=True)
        while signal.sigtimedwait({signal.SIGTERM}, SCRAPES_EVERY) is None:
            scrape(metrics.catalogue, "application/openmetrics-text; version=1.0.0")


if __name__ == "__main__":
    main(whole="whole" in sys.argv[1:])
