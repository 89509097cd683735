"""Tells what happens while a folder is watched: sentences for people, a line of JSON for each event for machines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from diarist.cli import outcome
from diarist.cli.finding import short
from diarist.cli.reporting import error_to_json, report
from diarist.cli.shapes import recording_to_json
from diarist.cli.terminal import messages, print_json_line, safe
from diarist.cli.waiting import Result, Wait
from diarist.errors import DiaristError
from diarist.recordings.service import Added


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells of each event at once; files are named as they lie below `folder`."""

    folder: Path
    wait: Wait
    as_json: bool

    def watching(self) -> None:
        """It has begun."""
        if self.as_json:
            _print("watching", {"folder": _text(self.folder)})
        else:
            messages().print(f"Watching {safe(str(self.folder))}; Ctrl-C ends it.")

    def taken(self, path: Path, added: Added) -> None:
        """A file was taken in, or its bytes were here already."""
        if self.as_json:
            recording = recording_to_json(added.recording, added.job)
            _print("taken", {"file": self._name(path), "created": added.created, "recording": recording})
        else:
            how = "taken in as" if added.created else "was here already as"
            messages().print(f"{safe(self._name(path))}: {how} {short(added.recording.id)}")

    def refused(self, path: Path, error: DiaristError) -> None:
        """A file is none that can be taken in."""
        if self.as_json:
            _print("refused", {"file": self._name(path), "error": error_to_json(error)})
        else:
            report(error, about=self._name(path))

    def later(self, path: Path, error: DiaristError, seconds: float) -> None:
        """Something did not work, and is tried again."""
        name = self._name(path)
        if self.as_json:
            _print("later", {"file": name, "error": error_to_json(error), "seconds": seconds})
        else:
            report(error, about=name)
            messages().print("       It is tried again by itself.")

    def moved(self, path: Path, to: Path) -> None:
        """A file was moved out of the way."""
        if self.as_json:
            _print("moved", {"file": self._name(path), "to": _text(to)})
        else:
            messages().print(f"{safe(self._name(path))}: moved to {safe(str(to))}")

    def left(self, path: Path) -> None:
        """A file was left for the next round."""
        if self.as_json:
            _print("left", {"file": self._name(path)})
        else:
            messages().print(f"{safe(self._name(path))}: somebody still writes to it; left for the next time")

    def ended(self, result: Result) -> None:
        """A job has ended."""
        if self.as_json:
            _print("ended", result.seen.to_json())
        else:
            outcome.tell(result.seen, self.wait.since)

    def failed(self, error: DiaristError) -> None:
        """The watching itself cannot go on."""
        if self.as_json:
            _print("failed", {"error": error_to_json(error)})
        else:
            report(error)

    def stopped(self, advice: str) -> None:
        """It was told to stop."""
        messages().print(advice)
        if self.as_json:
            _print("stopped", {})

    def _name(self, path: Path) -> str:
        return _text(path.relative_to(self.folder)) if path != self.folder else _text(path)


def _text(path: Path) -> str:
    return str(path).encode(errors="replace").decode()


def _print(event: str, document: Mapping[str, Any]) -> None:
    print_json_line({"event": event, **document})
