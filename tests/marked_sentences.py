"""Sentences in which a person marked what identifies people, and how much of it detectors find."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from diarist.domain.masking import Kind
from diarist.llm.masking.detector import Detector, Finding
from diarist.llm.masking.settling import settled

FILE = Path(__file__).with_suffix(".txt")
COVERED = 0.8
"""Share of its characters that must be masked for something to count as found, whatever kind it was taken for."""

_MARK = re.compile(r"\{\{([A-Z]+)\|(.+?)\}\}")


@dataclass(frozen=True, slots=True)
class Marked:
    style: str
    """`written` or `spoken`."""
    text: str
    spans: tuple[Finding, ...]


@dataclass(slots=True)
class Score:
    """Counts by kind: of what was marked, and of what was found."""

    marked: Counter[Kind] = field(default_factory=Counter)
    covered: Counter[Kind] = field(default_factory=Counter)
    found: Counter[Kind] = field(default_factory=Counter)
    rightly: Counter[Kind] = field(default_factory=Counter)
    """Found, and touching something that was marked."""
    missed: list[str] = field(default_factory=list)
    mistaken: list[str] = field(default_factory=list)

    def recall(self, kind: Kind | None = None) -> float:
        return _share(self.covered, self.marked, kind)

    def precision(self, kind: Kind | None = None) -> float:
        return _share(self.rightly, self.found, kind)


def marked_sentences(file: Path = FILE) -> list[Marked]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return [_parsed(*line.split(": ", 1)) for line in lines if line and not line.startswith("#") and ": " in line]


def scored(sentences: Iterable[Marked], detectors: Sequence[Detector]) -> Score:
    score = Score()
    for sentence in sentences:
        found = settled(sentence.text, [one for detector in detectors for one in detector.find(sentence.text)])
        for gold in sentence.spans:
            score.marked[gold.kind] += 1
            masked = sum(max(0, min(gold.end, one.end) - max(gold.start, one.start)) for one in found)
            if masked >= COVERED * (gold.end - gold.start):
                score.covered[gold.kind] += 1
            else:
                score.missed.append(f"{gold.kind}: {sentence.text[gold.start : gold.end]} / {sentence.text}")
        for one in found:
            score.found[one.kind] += 1
            if any(one.start < gold.end and gold.start < one.end for gold in sentence.spans):
                score.rightly[one.kind] += 1
            else:
                score.mistaken.append(f"{one.kind}: {sentence.text[one.start : one.end]} / {sentence.text}")
    return score


def _parsed(style: str, line: str) -> Marked:
    text = ""
    spans = []
    done = 0
    for match in _MARK.finditer(line):
        text += line[done : match.start()]
        spans.append(Finding(len(text), len(text) + len(match[2]), Kind(match[1].lower())))
        text += match[2]
        done = match.end()
    return Marked(style, text + line[done:], tuple(spans))


def _share(part: Counter[Kind], whole: Counter[Kind], kind: Kind | None) -> float:
    total = whole.total() if kind is None else whole[kind]
    return (part.total() if kind is None else part[kind]) / total if total else 1.0
