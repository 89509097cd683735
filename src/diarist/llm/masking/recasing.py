"""Capitals for sentences that have none, as plain speech recognisers write them, so that names are found there too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_BEFORE_THINGS = frozenset({"DET", "ADJ", "NUM"})
"""Classes of words that stand before things ("the plumber", "two euros"), hardly before names."""


def proper(token: Any) -> bool:
    """Whether the model takes this token of spaCy for a name even in lower case."""
    return bool(token.pos_ == "PROPN")


def perhaps_proper(token: Any) -> bool:
    """Whether it may be one: a noun in the singular that nothing goes before which makes it a thing."""
    if token.pos_ not in {"NOUN", "X"} or token.tag_ == "NNS" or token.is_stop:
        return proper(token)
    before = token.nbor(-1) if token.i > token.sent.start else None
    return before is None or not (before.pos_ in _BEFORE_THINGS or before.tag_ in {"PRP$", "WP$"})


def recased(doc: Any, due: Callable[[Any], bool]) -> tuple[str, list[tuple[int, int]]]:
    """The text of a spaCy `Doc`, with capitals where they are due in sentences without any, and where those stand."""
    lowered = [
        (sentence.start_char, sentence.end_char)
        for sentence in doc.sents
        if not any(token.text[0].isupper() and token.text != "I" for token in sentence)
    ]
    places = iter(lowered)
    start, end = next(places, (0, 0))
    pieces: list[str] = []
    for token in doc:
        while token.idx >= end and (following := next(places, None)) is not None:
            start, end = following
        word = token.text
        if start <= token.idx < end and due(token) and len(capital := word[0].upper()) == 1:
            word = capital + word[1:]
        pieces.append(word + token.whitespace_)
    return "".join(pieces), lowered
