"""How an entry is to be written: a template, read from Markdown with front matter."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from diarist.diary.written.front_matter import parse
from diarist.diary.written.persons import PERSONS
from diarist.errors import InvalidInput, NotFound

ASKED_FOR = 'the first person ("I")'
"""In which a model always writes, for so it was said and can be proven; the person is changed by rules afterwards."""
LENGTHS = {
    "short": "At most {few} sentences.",
    "medium": "At most {some} sentences.",
    "long": "Tell all claims that matter, in as many sentences as that takes.",
}
DEFAULT = "diary"
_LONGEST_NAME = 40
_NAME = re.compile(r"[^\W\d_]+(?:[ '\u2019-][^\W\d_]+)*")
LONGEST = 4000
"""Characters of a template."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """A template."""

    name: str
    version: int
    description: str
    tone: str
    length: str
    person: str
    """One of `PERSONS`."""
    speaker: str = ""
    """What the speaker may be called in the third person; no model gets to know it."""
    guidance: str
    source: str
    """The whole Markdown."""

    @property
    def label(self) -> str:
        """Name and version."""
        return f"{self.name}@{self.version}"

    def how_long(self, share: float) -> str:
        """The words that limit the length, for a share of the claims."""
        return LENGTHS[self.length].format(few=max(1, round(4 * share)), some=max(2, round(10 * share)))


def read_style(text: str, *, name: str | None = None, version: int | None = None) -> Style:
    """From Markdown; `name` and `version` replace what it says. Raises `InvalidInput`."""
    fields, guidance = parse(text)
    known = {"name", "version", "description", "tone", "length", "person", "speaker"}
    if unknown := fields.keys() - known:
        raise InvalidInput(f"a template has no {', '.join(sorted(unknown))}", advice=f"It has {', '.join(sorted(known))}.")
    called = name or fields.get("name", "")
    if not called or len(called) > _LONGEST_NAME or not called.replace(" ", "").replace("-", "").isalnum():
        raise InvalidInput(
            f"{called!r} cannot be the name of a template", advice="Use 1 to 40 letters, digits, dashes and spaces."
        )
    length, person = fields.get("length", "medium"), fields.get("person", "first")
    if length not in LENGTHS or person not in PERSONS:
        raise InvalidInput(
            f"{length if length not in LENGTHS else person!r} is not known",
            advice=f"`length` is one of {', '.join(LENGTHS)}; `person` is one of {', '.join(PERSONS)}.",
        )
    if len(text) > LONGEST:
        raise InvalidInput(f"a template has at most {LONGEST} characters; this one has {len(text)}")
    speaker = " ".join(fields.get("speaker", "").split())
    if speaker and (person != "third" or len(speaker) > _LONGEST_NAME or not _NAME.fullmatch(speaker)):
        raise InvalidInput(
            f"{speaker!r} cannot be what the speaker is called",
            advice=f"`speaker` is a name of 1 to {_LONGEST_NAME} letters, and goes with `person: third`.",
        )
    numbered = fields.get("version", "1")
    if not numbered.isdecimal():
        raise InvalidInput(f"{numbered!r} is no version", advice="Leave it out: versions are counted.")
    return Style(
        name=called, version=version or int(numbered), description=fields.get("description", ""), tone=fields.get("tone", ""),
        length=length, person=person, speaker=speaker, guidance=guidance, source=text,
    )  # fmt: skip


@cache
def packaged() -> dict[str, Style]:
    """The templates that Diarist brings, by name."""
    folder = files(__package__).joinpath("templates")
    styles = [read_style(file.read_text("utf-8")) for file in folder.iterdir() if file.name.endswith(".md")]
    return {style.name: style for style in sorted(styles, key=lambda style: (style.name != DEFAULT, style.name))}


def packaged_style(name: str) -> Style:
    """One of them; raises `NotFound`."""
    try:
        return packaged()[name]
    except KeyError:
        raise NotFound(f"there is no template {name!r}", advice="`diarist template list` shows what there is.") from None
