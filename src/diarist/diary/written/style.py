"""How an entry is to be written: a template, read from Markdown with front matter."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from diarist.diary.written.front_matter import parse
from diarist.errors import InvalidInput, NotFound

PERSONS = {"first": 'the first person ("I")', "second": 'the second person ("you")'}
LENGTHS = {
    "short": "At most {few} sentences.",
    "medium": "At most {some} sentences.",
    "long": "Tell all claims that matter, in as many sentences as that takes.",
}
DEFAULT = "diary"
_LONGEST_NAME = 40
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
    known = {"name", "version", "description", "tone", "length", "person"}
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
    numbered = fields.get("version", "1")
    if not numbered.isdecimal():
        raise InvalidInput(f"{numbered!r} is no version", advice="Leave it out: versions are counted.")
    return Style(
        name=called, version=version or int(numbered), description=fields.get("description", ""), tone=fields.get("tone", ""),
        length=length, person=person, guidance=guidance, source=text,
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
