"""The words with which language models are asked: files of their own, each with its version."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from diarist.diary.written.front_matter import parse

ROOM = 2500
"""Tokens that the longest of them takes at most, with a template and the schema of the answer."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One of them."""

    name: str
    version: int
    text: str

    @property
    def label(self) -> str:
        """Name and version."""
        return f"{self.name}@{self.version}"


@cache
def prompt(name: str) -> Prompt:
    """`claims` or `entry`."""
    fields, text = parse(files(__package__).joinpath("prompts", f"{name}.md").read_text("utf-8"))
    return Prompt(name, int(fields["version"]), text)


def fenced(what: str, text: str) -> str:
    """The text between marks that nobody can have spoken, for they hold its digest."""
    mark = f"{what}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
    return f"<{mark}>\n{text}\n</{mark}>"


def version() -> str:
    """Of all of them together."""
    return f"{prompt('claims').label} {prompt('entry').label}"
