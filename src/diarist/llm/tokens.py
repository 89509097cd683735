"""How many tokens a text takes, without the tokenizer of each model: what is likely, and what it cannot exceed."""

from __future__ import annotations

from math import ceil

_BYTES_PER_TOKEN = 3.0
"""Of UTF-8; English has about 4, languages of other scripts about 3."""
_AROUND = 1500
"""Tokens that providers put around a question: roles, and what they say of tools (Anthropic: up to 804)."""


def likely(*texts: str) -> int:
    """Rather too many than too few."""
    return ceil(sum(map(_size, texts)) / _BYTES_PER_TOKEN)


def at_most(*texts: str) -> int:
    """No tokenizer in use makes more tokens than there are bytes."""
    return sum(map(_size, texts)) + _AROUND


def most_of(likely_tokens: int) -> int:
    """The most for a text of which only the likely number is known."""
    return ceil(likely_tokens * _BYTES_PER_TOKEN) + _AROUND


def _size(text: str) -> int:
    return len(text.encode())
