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
import control_plane_throughput  # noqa: E402
from control_plane_fleet import servers  # noqa: E402
from figures import Figure, save, show  # noqa: E402

SECTIONS = ("queue", "flow", "arithmetic")


def main() -> int:
    """Run the chosen sections."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"any of {', '.join(SECTIONS)}; all when none is named")
    parser.add_argument("--workers", type=int, nargs="+", default=control_plane_throughput.WORKERS)
    parser.add_argument("--json", type=Path, default=ROOT / "results" / "control_plane.json", help="where to write the figures")
    arguments = parser.parse_args()
    chosen = arguments.sections or list(SECTIONS)
    if unknown := set(chosen) - set(SECTIONS):
        parser.error(f"no such section: {', '.join(sorted(unknown))}")
    started = time.perf_counter()
    figures: list[Figure] = []
    with servers() as (folder, postgres, redis):
        if "queue" in chosen:
            figures += control_plane_growth.measure(postgres)
        if "flow" in chosen:
            figures += control_plane_throughput.measure(folder, postgres, redis, arguments.workers)
    if "arithmetic" in chosen:
        figures += control_plane_arithmetic.measure()
    show(figures)
    save(figures, arguments.json)
    print(f"{time.perf_counter() - started:.0f} s; figures in {arguments.json}", file=sys.stderr)
    return 1 if any(figure.missed for figure in figures) else 0


if __name__ == "__main__":
    sys.exit(main())
