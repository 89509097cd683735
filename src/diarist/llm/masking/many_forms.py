"""One pattern for many forms, which takes as long for a thousand as for ten: what they begin with in common is looked at once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeAlias

_GAP = r"\s+"
_END = ""
"""The key under which a form ends."""

_TURKISH = str.maketrans({"\u0130": "i", "\u0131": "i"})
"""Letters that patterns take for an i without regard to case, and `casefold` does not."""

_Tree: TypeAlias = dict[str, "_Tree"]


def pattern_of(forms: Iterable[str], flags: re.RegexFlag = re.NOFLAG) -> str:
    """The source of a pattern that finds each of the forms, the longest first; between their words any space may stand.

    `flags`: those that it is compiled with. Without regard to case, forms that differ in it alone begin alike, or the first of
    them would hide longer ones that begin as the second.
    """
    tree: _Tree = {}
    for form in forms:
        branch = tree
        for step in _steps(_caseless(form) if re.IGNORECASE in flags else form):
            branch = branch.setdefault(step, {})
        branch[_END] = {}
    return _written(tree)


def _steps(form: str) -> list[str]:
    steps: list[str] = []
    for place, word in enumerate(form.split()):
        steps += [*([_GAP] if place else []), *map(re.escape, word)]
    return steps


def _caseless(form: str) -> str:
    """The same for all that patterns take for the same; letters that would become two stay one."""
    return "".join(min(letter.casefold(), letter.lower(), key=len) for letter in form.translate(_TURKISH))


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
