"""How much of what identifies people is masked, by kind, on sentences that a person marked: a table, and JSON."""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
# The sentences are those of the tests.
sys.path[:0] = [str(ROOT), str(ROOT.parent / "tests")]

from masking_made_up import print_recall  # noqa: E402

from diarist.domain.masking import Kind  # noqa: E402
from diarist.llm.masking.detector import Detector  # noqa: E402
from diarist.llm.masking.masker import PATTERNS  # noqa: E402
from diarist.llm.masking.names import installed  # noqa: E402
from marked_sentences import Marked, Score, marked_sentences, scored  # noqa: E402


def main() -> int:
    """Measure with patterns alone, and with what is installed that knows names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, default=ROOT / "results" / "masking.json")
    parser.add_argument("--show", action="store_true", help="print what was missed and what was masked for nothing")
    arguments = parser.parse_args()
    sentences = marked_sentences()
    sets: list[tuple[str, Sequence[Detector]]] = [("patterns", PATTERNS)]
    if (names := installed()) is not None:
        sets.append((f"patterns and {names.name}", (*PATTERNS, names)))
    results = {}
    for title, detectors in sets:
        results[title] = _measured(title, sentences, detectors, show=arguments.show)
        results[title]["made_up"] = print_recall(title, detectors)
    arguments.json.parent.mkdir(exist_ok=True)
    arguments.json.write_text(json.dumps({"python": platform.python_version(), "results": results}, indent=2) + "\n")
    return 0


def _measured(title: str, sentences: Sequence[Marked], detectors: Sequence[Detector], *, show: bool) -> dict[str, Any]:
    for detector in detectors:
        detector.find("Warm up.")
    started = time.perf_counter()
    whole = scored(sentences, detectors)
    milliseconds = (time.perf_counter() - started) / len(sentences) * 1000
    by_style = {style: scored([one for one in sentences if one.style == style], detectors) for style in ("written", "spoken")}
    print(f"\n{title}: {len(sentences)} sentences, {milliseconds:.1f} ms each")
    print("| kind | recall | precision |\n|---|---|---|")
    for name, score, kind in [
        *((kind.value, whole, kind) for kind in Kind),
        *((f"all, {style}", score, None) for style, score in by_style.items()),
        ("all", whole, None),
    ]:
        print(f"| {name} | {_ratio(score, 'covered', 'marked', kind)} | {_ratio(score, 'rightly', 'found', kind)} |")
    if show:
        print("missed:", *whole.missed, "masked for nothing:", *whole.mistaken, sep="\n  ")
    return {
        "sentences": len(sentences),
        "milliseconds_per_sentence": round(milliseconds, 2),
        "all": _plain(whole, None),
        **{style: _plain(score, None) for style, score in by_style.items()},
        "kinds": {kind.value: _plain(whole, kind) for kind in Kind},
    }


def _ratio(score: Score, part: str, total: str, kind: Kind | None) -> str:
    few, many = _count(score, part, kind), _count(score, total, kind)
    return f"{few}/{many} ({few / many:.0%})" if many else "-"


def _plain(score: Score, kind: Kind | None) -> dict[str, int]:
    return {name: _count(score, name, kind) for name in ("covered", "marked", "rightly", "found")}


def _count(score: Score, name: str, kind: Kind | None) -> int:
    counter = getattr(score, name)
    return int(counter.total() if kind is None else counter[kind])


if __name__ == "__main__":
    sys.exit(main())
