"""What the owner is told where a sound filter could not be used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diarist.domain.audio import Notice, Span
from diarist.domain.clock import clock


def heard_unfiltered(sound_filter: str, failures: Sequence[tuple[Span, str]]) -> Iterator[Notice]:
    """The warning, if there was any failure: where the filter was not used, in seconds of the recording, and why."""
    if failures:
        span, why = failures[0]
        parts = "1 part" if len(failures) == 1 else f"{len(failures)} parts"
        message = (
            f"The sound filter {sound_filter} could not be used for {parts} of the recording, heard as recorded. First "
            f"at {clock(span.start)}-{clock(span.end)}: {why}."
        )
        yield Notice(code="sound_filter_failed", message=message)
