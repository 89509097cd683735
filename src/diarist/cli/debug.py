"""`diarist debug`: what a running process is doing."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from diarist.cli.files import put
from diarist.cli.options import AsJson
from diarist.cli.reporting import reporting

app = typer.Typer(help="Look into a process that runs.", no_args_is_help=True, rich_markup_mode=None)


class Form(StrEnum):
    """Of a file with a profile."""

    SPEEDSCOPE = "speedscope"
    COLLAPSED = "collapsed"


@app.callback()
def debug() -> None:
    """Look into a process that runs."""


@app.command()
@reporting
def profile(
    *,
    role: Annotated[str, typer.Option(help="A role that runs on this machine, by its usual private port.")] = "",
    url: Annotated[str, typer.Option(help="The private port, such as http://10.0.0.7:9101.")] = "",
    pid: Annotated[int, typer.Option(min=0, help="A process of this machine, by py-spy, which needs the right to trace it.")] = 0,
    seconds: Annotated[float, typer.Option(min=0.1, max=60.0, help="For how long to look.")] = 10.0,
    waiting: Annotated[bool, typer.Option("--waiting", help="Count time in which nothing is done, too.")] = False,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the profile to a file.")] = None,
    form: Annotated[
        Form, typer.Option(help="speedscope: for www.speedscope.app; collapsed: for flamegraph.pl.")
    ] = Form.SPEEDSCOPE,
    as_json: AsJson = False,
) -> None:
    """Tell where a process and its child processes spend their time, function by function.

    A process is asked at its private port. It must run with DIARIST_HTTP__DEBUG=true, and DIARIST_API_KEY must hold a key with
    the scope `manage`. With --pid nothing is asked: py-spy looks at it from outside, and sees native code as well.
    """
    from dataclasses import asdict

    from diarist.cli.interruption import run
    from diarist.cli.profile_pages import collapsed, print_profile, speedscope
    from diarist.cli.profiling import asked, private_url, spied
    from diarist.cli.terminal import print_json

    found = spied(pid, seconds, waiting=waiting) if pid else run(asked(private_url(role, url), seconds, waiting=waiting))
    if output is not None:
        put((speedscope(found) if form is Form.SPEEDSCOPE else collapsed(found)).encode(), output)
    if as_json:
        print_json({"profile": asdict(found)})
    elif output is None:
        print_profile(found)
