"""Writes the reference pages of docs/reference/ from the code, so that they cannot tell another story.

python scripts/reference.py           write them
python scripts/reference.py --check   exit 1 when one is not what the code says
"""

from __future__ import annotations

import ast
import inspect
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from diarist.errors import DiaristError
from diarist.settings import Settings

FOLDER = Path(__file__).parents[1] / "docs" / "reference"
MADE = "<!-- Made by `make docs` from {source}; edit that instead. -->"


def table(*rows: tuple[str, ...]) -> str:
    """A Markdown table; the first row is its head."""
    head, *body = rows
    lines = [head, ("---",) * len(head), *body]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def page(title: str, source: str, *paragraphs: str) -> str:
    """A whole page."""
    return "\n\n".join([f"# {title}", MADE.format(source=f"`{source}`"), *paragraphs]) + "\n"


def error_classes(root: type[DiaristError] = DiaristError, depth: int = 0) -> Iterator[tuple[int, type[DiaristError]]]:
    """The tree with each class's depth, parents first."""
    yield depth, root
    for child in root.__subclasses__():
        yield from error_classes(child, depth + 1)


def errors_page() -> str:
    """Every error with its code, meaning and advice."""
    rows = [
        (
            f"{'· ' * depth}`{cls.__name__}`",
            f"`{cls.code}`",
            inspect.getdoc(cls) or "",
            "yes" if cls.retryable else "no",
            cls.advice,
        )
        for depth, cls in error_classes()
    ]
    return page(
        "Errors",
        "src/diarist/errors.py",
        "Each has a code that never changes its meaning. An error below another (·) is a kind of it.",
        table(("Error", "Code", "What happened", "Can a retry help?", "What to do"), *rows),
    )


def explanations(model: type[BaseModel]) -> dict[str, str]:
    """The string that stands below each field in the source."""
    body = ast.parse(inspect.getsource(model)).body[0]
    assert isinstance(body, ast.ClassDef)  # noqa: S101  # what getsource gives of a class
    found = {}
    for field, following in zip(body.body, body.body[1:], strict=False):
        match field, following:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                found[name] = " ".join(text.split())
    return found


def default(field: FieldInfo) -> str:
    """What holds when the variable is not set."""
    if field.default_factory is not None:
        return "the platform's own"
    match field.default:
        case None:
            return "unset"
        case "":
            return "empty"
        case list() as values:
            return f"`{json.dumps(values)}`"
        case value:
            return f"`{value}`"


def choices(field: FieldInfo) -> str:
    """The values that are accepted, where they can be listed."""
    if get_origin(field.annotation) is not Literal:
        return ""
    return "One of " + ", ".join(f"`{value}`" for value in get_args(field.annotation)) + ". "


def settings_rows(model: type[BaseModel], prefix: str) -> Iterator[tuple[str, str, str]]:
    """Variable, default and meaning of each setting below one prefix."""
    told = explanations(model)
    for name, field in model.model_fields.items():
        variable = prefix + name.upper()
        if isinstance(field.default, BaseModel):
            yield from settings_rows(type(field.default), f"{variable}__")
        else:
            yield f"`{variable}`", default(field), (choices(field) + told.get(name, "")).strip()


def settings_page() -> str:
    """Every environment variable."""
    return page(
        "Settings",
        "src/diarist/settings.py",
        "All are environment variables. Lists are written as JSON.",
        table(("Variable", "Default", "Meaning"), *settings_rows(Settings, "DIARIST_")),
    )


PAGES = {"errors.md": errors_page, "settings.md": settings_page}


def main() -> int:
    """The exit status."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    checking = "--check" in sys.argv[1:]
    stale = []
    for name, make in PAGES.items():
        path, text = FOLDER / name, make()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if not checking:
                path.write_text(text, encoding="utf-8")
    if checking and stale:
        print(f"docs/reference: {', '.join(stale)} not as the code says; run `make docs`")
    return int(checking and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
