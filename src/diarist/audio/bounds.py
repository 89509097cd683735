"""How long a recording may turn out to be: a small file can be made to decode to sound without end."""

from __future__ import annotations

from diarist.errors import TooDense, TooLong

FEWEST_BYTES = 8.0
"""Of a second of sound. Silence in Opus, the sparsest that recorders write, takes four times as many; speech a hundred times."""
FREE = 3600.0
"""Seconds for which nobody counts."""


def require_bounded(seconds: float, missing: float, size: int, longest: float | None) -> None:
    """Let a file of so many bytes go on being decoded; raises `TooLong` or `TooDense`.

    `seconds`: decoded so far, of which `missing` are pauses that only the clock of the file tells of. `longest`: seconds.
    """
    if longest is not None and seconds > longest:
        raise TooLong(f"the recording is longer than {longest / 3600:g} hours")
    sound = seconds - missing
    if sound > FREE and size < sound * FEWEST_BYTES:
        raise TooDense(f"{size:,} bytes have decoded to {sound / 3600:.1f} hours of sound, and there is more")
