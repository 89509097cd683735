"""Hands a text to the owner's editor; what was written is kept until it is stored."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

from diarist.errors import InvalidInput, Misconfigured

FALLBACK = "vi"


def write_sheet(file: Path, text: str) -> None:
    """Put the text where only its owner can read it; raises `InvalidInput` when there is one that was not stored."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as sheet:
            sheet.write(text)
    except FileExistsError:
        raise InvalidInput(
            f"{file} holds words of an edit that was not stored, or of one that is under way",
            advice=f"`diarist edit ID < {shlex.quote(str(file))}` stores them; delete the file to begin anew.",
        ) from None


def forget_stored(file: Path, text: str) -> None:
    """Delete a sheet that was kept, once the very same is stored."""
    if file.exists() and file.read_bytes() == text.encode():
        file.unlink()


def edit_in_place(file: Path) -> str:
    """Open the file in `$VISUAL` or `$EDITOR` and wait; returns what it holds then. Raises `Misconfigured` or `InvalidInput`."""
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or FALLBACK
    try:
        status = subprocess.run([*shlex.split(command), str(file)], check=False).returncode  # noqa: S603 - the owner's own choice
    except (OSError, ValueError) as error:
        raise Misconfigured(f"the editor {command!r} cannot be started", advice="Set EDITOR to one that is installed.") from error
    if status:
        raise InvalidInput(f"the editor ended with status {status}", advice="Nothing is stored.")
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput("what the editor wrote is not UTF-8", advice="Save it as UTF-8.") from error
