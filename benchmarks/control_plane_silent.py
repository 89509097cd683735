"""A process of the fleet that tells nothing of its work: no figures, no spans, and by its settings no lines but of errors.

Usage: control_plane_silent.py worker [whole], or the words of the command line, such as: serve ingestion-api
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent)]

from diarist.database import measuring  # noqa: E402
from diarist.telemetry.metrics import exposition  # noqa: E402
from diarist.telemetry.metrics.catalogue import Counters, Gauges, Histograms  # noqa: E402


def silence() -> None:
    """From now on nothing is counted; what asks for it stays, at the price of a call of nothing."""
    for family, words in ((Counters, ("add",)), (Gauges, ("add", "put")), (Histograms, ("observe",))):
        for word in words:
            setattr(family, word, _nothing)
    measuring.time_statements = _nothing
    exposition.scrape = _nothing  # type: ignore[assignment]


def _nothing(*_: object, **__: object) -> None:
    pass


if __name__ == "__main__":
    silence()
    if sys.argv[1] == "worker":
        from control_plane_worker import main as work

        work(whole="whole" in sys.argv[2:])
    else:
        from diarist.cli.main import main

        main()
