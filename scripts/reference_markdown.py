"""The little Markdown that reference pages are made of."""

from __future__ import annotations

from made_files import notice


def table(*rows: tuple[str, ...]) -> str:
    """A table; the first row is its head."""
    head, *body = rows
    lines = [head, ("---",) * len(head), *body]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def page(title: str, source: str, *paragraphs: str) -> str:
    """A whole page."""
    return "\n\n".join([f"# {title}", f"<!-- {notice(f'`{source}`')} -->", *paragraphs]) + "\n"
