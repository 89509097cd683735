"""`diarist add`."""

from __future__ import annotations

from typing import Annotated

import typer

from diarist.cli.hints import Language, Languages, Vocabulary, hints_from_options
from diarist.cli.options import AsJson, NoWait
from diarist.cli.place import at_a_server
from diarist.domain.job import JobPriority

Files = Annotated[
    # Not paths: a path has no `//`, and an unreadable file is one of several with a status of its own, no mistake in writing.
    list[str],
    typer.Argument(
        metavar="FILE", help="Recordings, in any format with sound: files, https:// addresses, or `-` to read one from stdin."
    ),
]


Class = Annotated[
    JobPriority, typer.Option("--priority", help="Who goes first when there is more to do than can be done at once.")
]


def add(
    files: Files,
    *,
    priority: Class = JobPriority.NORMAL,
    language: Language = None,
    languages: Languages = None,
    vocabulary: Vocabulary = None,
    no_wait: NoWait = False,
    as_json: AsJson = False,
) -> None:
    """Take recordings in and turn them into diary entries.

    The same recording twice is one recording. A file that is refused does not stop the others; the exit status is that of
    the first file that failed. Hints come before those of the account, and hold when a known recording is heard again. While
    another process works on the data directory, that one does the work; with DIARIST_API_URL the server of that address does.
    """
    if at_a_server():
        from diarist.cli.remote.adding import add_files
    else:
        from diarist.cli.adding import add_files

    hints = hints_from_options(language, languages, vocabulary)
    raise typer.Exit(add_files(files, priority=priority, hints=hints, wait=not no_wait, as_json=as_json))
