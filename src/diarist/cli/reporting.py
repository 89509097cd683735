"""Turns what a command raises into words, advice and an exit status."""

from __future__ import annotations

import errno
import functools
import traceback
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, ParamSpec

import typer

from diarist.cli.exit_codes import INTERRUPTED, TERMINATED, status_of
from diarist.errors import DiaristError

P = ParamSpec("P")

running: ContextVar[str] = ContextVar("command", default="")
"""The function of the command that runs."""


class Interrupted(BaseException):
    """Ctrl-C or SIGTERM has ended the command in good order."""

    def __init__(self, *, terminated: bool) -> None:
        super().__init__()
        self.status = TERMINATED if terminated else INTERRUPTED


def reporting(command: Callable[P, None]) -> Callable[P, None]:
    """Wrap a command, so that whatever goes wrong in it ends with a message and a documented status."""

    @functools.wraps(command)
    def reported(*args: P.args, **kwargs: P.kwargs) -> None:
        as_json = bool(kwargs.get("as_json"))
        running.set(command.__name__)
        try:
            command(*args, **kwargs)
        except DiaristError as error:
            report(error, as_json=as_json)
            raise typer.Exit(status_of(type(error))) from error
        except Interrupted as stop:
            raise typer.Exit(stop.status) from None
        except KeyboardInterrupt:
            typer.echo("Stopped.", err=True)
            raise typer.Exit(INTERRUPTED) from None
        except (typer.Exit, typer.Abort, typer.BadParameter):
            raise
        except Exception as error:
            if isinstance(error, OSError) and error.errno == errno.EPIPE:
                raise  # whoever read our output has gone; Typer ends quietly
            traceback.print_exc()
            report(DiaristError(f"unexpected {type(error).__name__}: {error}"), as_json=as_json)
            raise typer.Exit(status_of(DiaristError)) from error

    return reported


def report(error: DiaristError, *, about: str | None = None, as_json: bool = False) -> None:
    """Tell of an error: on stderr for people, as `{"error": …}` on stdout for machines. `about`: what it happened to."""
    from diarist.cli.terminal import print_json

    if as_json:
        print_json({"error": error_to_json(error)})
    else:
        explain(error.code, error.message, error.advice, about=about)


def explain(code: str, message: str, advice: str | None, *, about: str | None = None) -> None:
    """Write what went wrong and what helps to stderr."""
    from rich.text import Text

    from diarist.cli.terminal import messages, safe

    line = Text.assemble(
        ("error: ", "bold red"), (f"{safe(about)}: " if about else "", "bold"), safe(message), (f"  ({code})", "dim")
    )
    console = messages()
    console.print(line)
    if advice:
        console.print(Text(f"       {safe(advice)}"))


def error_to_json(error: DiaristError) -> dict[str, Any]:
    """`code`, `message` and `advice`."""
    return {"code": error.code, "message": error.message, "advice": error.advice}
