"""Lets a list of words be written, and read, as running text."""

from __future__ import annotations

from diarist.domain.wordlist import words

__all__ = ["words"]
