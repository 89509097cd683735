"""One worker of the fleet that is measured: all queues, as many threads as in earnest, with scripted parts; until SIGTERM."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent)]

from control_plane_parts import scripted_runtime  # noqa: E402

from diarist.queue.broker import GROUPS  # noqa: E402
from diarist.services.garbage import collect_seldom  # noqa: E402
from diarist.services.workers import workers  # noqa: E402
from diarist.settings import load_settings  # noqa: E402
from diarist.telemetry.logging import configure_logging  # noqa: E402


def main() -> None:
    """Settings come from the environment, as for every role."""
    settings = load_settings()
    configure_logging(settings.log)
    collect_seldom()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    with workers(settings, GROUPS, alone=False, opening=scripted_runtime):
        print("working", flush=True)
        signal.sigwait({signal.SIGTERM})


if __name__ == "__main__":
    main()
