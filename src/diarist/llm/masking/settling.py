"""Findings brought into order: cut at the edges of words and lines, joined where they overlap, so that nothing slips between."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from diarist.domain.masking import Kind
from diarist.llm.masking.detector import Finding

_EDGES = " \t.,;:!?\"'\u201c\u201d\u2018\u2019()<>\u00ab\u00bb\u2026"
_POSSESSIVE = re.compile(r"['\u2019][sS]?\Z")
_WORD = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
"""Other scripts write without spaces, where whole sentences would be one word."""
_RANK = {kind: rank for rank, kind in enumerate(Kind)}


def settled(text: str, findings: Iterable[Finding]) -> list[Finding]:
    """In order, without overlaps; what overlaps becomes one finding of the kind of its longest part."""
    trimmed = (one for finding in findings for one in _trimmed(text, finding))
    joined: list[Finding] = []
    longest = 0
    for finding in sorted(trimmed, key=lambda one: (one.start, -one.end, _RANK[one.kind])):
        length = finding.end - finding.start
        if not joined or finding.start >= joined[-1].end:
            joined.append(finding)
            longest = length
            continue
        last = joined[-1]
        wins = (length, -_RANK[finding.kind]) > (longest, -_RANK[last.kind])
        joined[-1] = Finding(last.start, max(last.end, finding.end), finding.kind if wins else last.kind)
        longest = max(longest, length)
    return joined


def _trimmed(text: str, finding: Finding) -> Iterable[Finding]:
    """Without marks around it and the possessive at its end, but with the whole of its first and last word; line by line."""
    breaks = [index for index in range(finding.start, finding.end) if text[index] in "\r\n"]
    for before, after in pairwise([finding.start - 1, *breaks, finding.end]):
        start, end = before + 1, after
        end = start + len(_POSSESSIVE.sub("", text[start:end]))
        while start < end and text[start] in _EDGES and not (text[start] == "(" and ")" in text[start:end]):
            start += 1
        while start < end and text[end - 1] in _EDGES and not (text[end - 1] == ")" and "(" in text[start:end]):
            end -= 1
        if start == end:
            continue
        while start > 0 and text[start] in _WORD and text[start - 1] in _WORD:
            start -= 1
        while end < len(text) and text[end - 1] in _WORD and text[end] in _WORD:
            end += 1
        yield Finding(start, end, finding.kind)
