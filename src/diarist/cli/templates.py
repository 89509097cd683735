"""`diarist template`: how entries are to be written."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from diarist.cli.options import AsJson
from diarist.cli.reporting import reporting

if TYPE_CHECKING:
    from diarist.diary.written.style import Style

app = typer.Typer(help="Look at how entries are to be written, and add a way.", no_args_is_help=True, rich_markup_mode=None)

Name = Annotated[str, typer.Argument(help="A name, or `name@version`.")]
On = Annotated[str | None, typer.Option("--on", metavar="ID", help="Write the entry of this recording by it: an id or `last`.")]
File = Annotated[Path, typer.Argument(help="Markdown with front matter, `-` for standard input.")]


@app.command("list")
@reporting
def list_templates(*, as_json: AsJson = False) -> None:
    """List the templates, your own included."""
    from diarist.cli.interruption import run
    from diarist.cli.opening import opened, settings_in_force
    from diarist.cli.tables import print_table
    from diarist.cli.terminal import print_json
    from diarist.diary.template_service import list_styles

    async def read() -> list[Style]:
        async with opened(settings_in_force()) as here, here.runtime.database.read() as session:
            return await list_styles(session, here.account_id)

    found = run(read())
    if as_json:
        print_json({"templates": [_to_json(style) for style in found]})
    else:
        rows = [(style.label, style.length, style.person, style.description) for style in found]
        print_table(("template", "length", "person", ""), rows, empty="There are no templates.")


@app.command()
@reporting
def show(name: Name, *, as_json: AsJson = False) -> None:
    """Print a template as it can be edited and added again."""
    from diarist.cli.interruption import run
    from diarist.cli.opening import opened, settings_in_force
    from diarist.cli.terminal import print_json
    from diarist.diary.template_service import find_style

    async def read() -> Style:
        async with opened(settings_in_force()) as here, here.runtime.database.read() as session:
            return await find_style(session, here.account_id, name)

    style = run(read())
    if as_json:
        print_json({"template": _to_json(style)})
    else:
        typer.echo(style.source.rstrip())


@app.command()
@reporting
def add(
    file: File,
    *,
    name: Annotated[str | None, typer.Option(help="Instead of the name in the file.")] = None,
    as_json: AsJson = False,
) -> None:
    """Add a template; one of the same name gets the next version."""
    from diarist.cli.interruption import run
    from diarist.cli.opening import opened, settings_in_force
    from diarist.cli.terminal import messages, print_json, safe
    from diarist.diary.template_service import add_style

    source = _read(file)

    async def write() -> Style:
        async with opened(settings_in_force()) as here, here.runtime.database.write() as session:
            return await add_style(session, here.account_id, source, name)

    style = run(write())
    if as_json:
        print_json({"template": _to_json(style)})
    else:
        messages().print(
            f"Added {safe(style.label)}. `diarist compose ID --template '{safe(style.name)}'` writes an entry by it."
        )


@app.command()
@reporting
def preview(file: File, *, on: On = None, as_json: AsJson = False) -> None:
    """Print what a language model would be told by a template, or what it makes of a recording; nothing is stored.

    Without a recording no model is asked. With one it is asked as for an entry, which costs as much and leaves receipts.
    """
    from diarist.cli.template_preview import print_preview
    from diarist.cli.terminal import messages, print_json
    from diarist.diary.written.style import read_style
    from diarist.diary.written.writing import told_to_write

    style = read_style(_read(file))
    if on is not None:
        print_preview(style, on, as_json=as_json)
        return
    prompt = told_to_write(style, language="en", share=1.0)
    if as_json:
        print_json({"prompt": prompt})
        return
    typer.echo(prompt)
    if style.person != "first":
        messages().print(f"What is proven of the answer is then put into the {style.person} person by rules.")


def _read(file: Path) -> str:
    from diarist.errors import InvalidInput

    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise InvalidInput(f"{file} cannot be read: {reason}", advice="Give a text file in Markdown.") from error


def _to_json(style: Style) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(style)
