"""Which metrics an expression of PromQL names, and which labels it asks of them; enough of the language for what we write."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
_WINDOW = re.compile(r"\[[^\]]*\]")
_CLAUSE = re.compile(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)")
_SELECTOR = re.compile(r"([a-zA-Z_:][\w:]*)?\s*\{([^}]*)\}")
_MATCHER = re.compile(r"(\w+)\s*(?:=~|!~|!=|=)")
_WORD = re.compile(r"(?<![\w.$])([a-zA-Z_:][\w:]*)(?!\s*[\w:(])")
_KEYWORDS = {"and", "or", "unless", "bool", "inf", "nan", "offset", "by", "on"}


@dataclass(frozen=True, slots=True)
class Named:
    """What an expression names."""

    metrics: frozenset[str]
    labels: frozenset[str]
    """Of selectors and of clauses such as `by (…)`, of whichever metric."""


def named(expression: str) -> Named:
    """Read an expression; names of variables such as `$role` are none of its own."""
    bare = _WINDOW.sub("", _TEXT.sub('""', expression))
    labels = {label.strip() for clause in _CLAUSE.findall(bare) for label in clause.split(",") if label.strip()}
    selectors = _SELECTOR.findall(bare)
    labels |= {label for _, matchers in selectors for label in _MATCHER.findall(matchers)}
    # A selector without a name, such as {__name__=~"…"}, names none.
    metrics = {name for name, _ in selectors if name}
    rest = _SELECTOR.sub(" ", _CLAUSE.sub(" ", bare))
    metrics |= {word for word in _WORD.findall(rest) if word.lower() not in _KEYWORDS}
    return Named(frozenset(metrics), frozenset(labels))
