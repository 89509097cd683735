"""Measures the control plane on PostgreSQL and Redis with scripted sound and words: a table, JSON, 1 when a goal is missed."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
# The servers are those of the tests; the benchmarks are plain scripts beside each other.
sys.path[:0] = [str(ROOT), str(ROOT.parent / "tests")]

import control_plane_arithmetic  # noqa: E402
import control_plane_growth  # noqa: E402
import control_plane_telemetry  # noqa: E402
import control_plane_throughput  # noqa: E402
from control_plane_fleet import servers  # noqa: E402
from figures import Figure, chosen_sections, report  # noqa: E402

SECTIONS = ("queue", "flow", "telemetry", "arithmetic")


def main() -> int:
    """Run the chosen sections."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, nargs="+", default=control_plane_throughput.WORKERS)
    arguments = chosen_sections(parser, SECTIONS, "control_plane.json")
    chosen = arguments.sections
    started = time.perf_counter()
    figures: list[Figure] = []
    with servers() as (folder, postgres, redis):
        if "queue" in chosen:
            figures += control_plane_growth.measure(postgres)
        if "flow" in chosen:
            figures += control_plane_throughput.measure(folder, postgres, redis, arguments.workers)
        if "telemetry" in chosen:
            figures += control_plane_telemetry.measure(folder, postgres, redis)
    if "arithmetic" in chosen:
        figures += control_plane_arithmetic.measure()
    return report(figures, arguments.json, started)


if __name__ == "__main__":
    sys.exit(main())
