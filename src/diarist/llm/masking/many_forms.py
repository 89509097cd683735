"""One pattern for many forms, which takes as long for a thousand as for ten: what they begin with in common is looked at once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeAlias

_GAP = r"\s+"
_END = ""
"""The key under which a form ends."""

_Tree: TypeAlias = dict[str, "_Tree"]


def pattern_of(forms: Iterable[str]) -> str:
    """The source of a pattern that finds each of the forms, the longest first; between their words any space may stand."""
    tree: _Tree = {}
    for form in forms:
        branch = tree
        for step in _steps(form):
            branch = branch.setdefault(step, {})
        branch[_END] = {}
    return _written(tree)


def _steps(form: str) -> list[str]:
    steps: list[str] = []
    for place, word in enumerate(form.split()):
        steps += [*([_GAP] if place else []), *map(re.escape, word)]
    return steps


def _written(tree: _Tree) -> str:
    """Runs without a fork are written as they are, so that nothing is nested deeper than there are forks."""
    run: list[str] = []
    while len(tree) == 1 and _END not in tree:
        [(step, tree)] = tree.items()
        run.append(step)
    ways = [step + _written(below) for step, below in tree.items() if step != _END]
    if not ways:
        return "".join(run)
    forked = f"(?:{'|'.join(ways)})"
    return "".join(run) + (f"{forked}?" if _END in tree else forked)
