"""What the owner should know of a recording that could be decoded, but not as its header promised."""

from __future__ import annotations

from diarist.audio.decode import Damage
from diarist.domain.audio import Notice
from diarist.domain.clock import clock

_TOLERANCE_SECONDS, _TOLERANCE_SHARE = 1.0, 0.01
"""What a header may promise too much: an encoder's padding, rounding."""
_ABSURD = 10
"""A promise so many times too large is rather a wrong header than a file that was cut off."""
_NOTABLE_GAP = 0.5
"""Seconds."""
_NOTABLE_PIECES = 3
"""Packets; one or two last a twentieth of a second, or are a tag in the middle of joined files."""
_OVERLOADED_SECONDS, _OVERLOADED_SHARE = 3, 0.01
"""What a slammed door does not reach."""
_NOTABLE_OFFSET = 0.01
"""Of full scale."""


def notices(decoded: float, promised: float | None, damage: Damage, offset: float = 0.0) -> tuple[Notice, ...]:
    """`decoded`, `promised`: seconds; None when the header makes no promise, but FFmpeg only an estimate.

    `offset`: the mean of all samples.
    """
    found = []
    if promised is not None and promised - decoded > max(_TOLERANCE_SECONDS, promised * _TOLERANCE_SHARE):
        found.append(_shortfall(decoded, promised))
    if damage.packets >= _NOTABLE_PIECES:
        message = f"{damage.packets} damaged pieces of the file could not be decoded and were skipped."
        found.append(Notice(code="damaged_audio", message=message))
    elif damage.missing >= _NOTABLE_GAP:
        message = f"The file holds no sound for {damage.missing:.1f} s of its running time; they count as silence."
        found.append(Notice(code="missing_audio", message=message))
    overload = damage.overload
    if overload.seconds >= max(_OVERLOADED_SECONDS, decoded * _OVERLOADED_SHARE):
        times = ", ".join(clock(span.start) for span in overload.first)
        message = (
            f"It was too loud for the recorder in {overload.seconds} s ({overload.seconds / decoded:.0%}), first at {times}."
        )
        found.append(Notice(code="clipped_audio", message=f"{message} What was said there may be misheard."))
    if abs(offset) >= _NOTABLE_OFFSET:
        message = (
            f"The recorder does not rest at zero but at {offset:+.1%} of full scale; that was taken out before it was heard."
        )
        found.append(Notice(code="offset_audio", message=message))
    return tuple(found)


def _shortfall(decoded: float, promised: float) -> Notice:
    says, there = clock(promised), clock(decoded)
    if promised > decoded * _ABSURD:
        message = (
            f"The file's header says {says}, but it holds only {there}: the header is wrong, or most of the file is missing."
        )
        return Notice(code="header_mismatch", message=message)
    return Notice(code="truncated_audio", message=f"The file says {says}, but only {there} could be decoded: its end is missing.")
