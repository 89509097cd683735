"""Measures Diarist on this machine: prints a table, writes JSON, exits 1 when a goal is missed; nine minutes on two cores."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
# The speaker of our memos lies with the sample recording, and the benchmarks are plain scripts beside each other.
sys.path[:0] = [str(ROOT), str(ROOT.parent / "samples")]

import accuracy  # noqa: E402
import memory  # noqa: E402
import speed  # noqa: E402
import startup  # noqa: E402
from figures import Figure, chosen_sections, report  # noqa: E402
from material import in_noise, published_speech, spoken_memos  # noqa: E402

from diarist.settings import LogSettings, load_settings  # noqa: E402
from diarist.telemetry.logging import configure_logging  # noqa: E402

SECTIONS = ("start", "speed", "accuracy", "memory")


def main() -> int:
    """Run the chosen sections."""
    parser = argparse.ArgumentParser(description=__doc__)
    arguments = chosen_sections(parser, SECTIONS, "latest.json")
    configure_logging(LogSettings(level="warning"))
    cache_dir = load_settings().cache_dir
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        memos, published = spoken_memos(Path(folder)), published_speech()
        figures: list[Figure] = []
        for section in arguments.sections:
            print(f"measuring: {section}", file=sys.stderr, flush=True)
            match section:
                case "start":
                    figures += startup.measure(memos, cache_dir)
                case "speed":
                    figures += speed.measure([*memos, *published], cache_dir)
                case "accuracy":
                    figures += accuracy.measure(
                        {"our memos": memos, "the same in noise": in_noise(memos, Path(folder)), "published speech": published},
                        cache_dir,
                    )
                case _:
                    figures += memory.measure(memos, cache_dir)
    return report(figures, arguments.json, started)


if __name__ == "__main__":
    sys.exit(main())
