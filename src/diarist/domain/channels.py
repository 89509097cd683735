"""How the sound of a chunk is laid out when each of its channels is another voice: one channel after the other."""

from __future__ import annotations

from collections.abc import Sequence

from diarist.domain.audio import Span

REST = 5.0
"""Seconds of silence between two channels: more than a second hearing takes in beside what it is about."""

SIDES = ("Left", "Right")
"""What people call the channels of two."""


def speaker(channel: int | None) -> str:
    """Who speaks in a channel, counted from 0; empty where the channels tell nobody apart."""
    return "" if channel is None else SIDES[channel]


def label(channel: int | None) -> str:
    """What stands before the words of a speaker, with a space behind it; empty where the channels tell nobody apart."""
    return "" if channel is None else f"{SIDES[channel]}: "


def layout(channels: Sequence[Sequence[Span]], duration: float) -> tuple[tuple[int, float], ...]:
    """Each channel that has a voice, and the second at which its sound begins; `duration`: seconds of the chunk.

    `channels`: where voice was heard in each. One that has none is left out.
    """
    spoken = [channel for channel, spans in enumerate(channels) if spans]
    return tuple((channel, place * (duration + REST)) for place, channel in enumerate(spoken))
