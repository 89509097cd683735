"""Markdown with a few plain fields before it, between two lines of dashes."""

from __future__ import annotations

from diarist.errors import InvalidInput

_LINE = "---"


def parse(text: str) -> tuple[dict[str, str], str]:
    """The fields and the text; raises `InvalidInput`."""
    lines = text.replace("\r\n", "\n").split("\n")
    if lines[0].strip() != _LINE or _LINE not in (line.strip() for line in lines[1:]):
        raise InvalidInput(
            "the file has no front matter",
            advice="Begin it with a line ---, then lines such as `name: walks`, then a line ---, then the text.",
        )
    end = next(at for at, line in enumerate(lines[1:], start=1) if line.strip() == _LINE)
    fields: dict[str, str] = {}
    for line in lines[1:end]:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, colon, value = line.partition(":")
        if not colon:
            raise InvalidInput(f"{line.strip()!r} in the front matter is no field", advice="Write `name: value`.")
        fields[name.strip()] = value.strip().strip("\"'")
    return fields, "\n".join(lines[end + 1 :]).strip()
