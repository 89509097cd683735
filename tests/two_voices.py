"""Two voices in two channels."""

import re

import numpy as np
from numpy.typing import NDArray

from speaker import Speech
from spoken import SAMPLE_RATE

DELAY = 1.0
"""Seconds by which the right voice begins later."""


def sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.?!])\s+", " ".join(text.split()))


def side_by_side(left: Speech, right: Speech, delay: float = DELAY) -> NDArray[np.float32]:
    """Shape (2, n): each voice in its channel, both at once."""
    late = np.concatenate((np.zeros(round(delay * SAMPLE_RATE), np.float32), right.samples))
    sides = np.zeros((2, max(len(left.samples), len(late))), np.float32)
    sides[0, : len(left.samples)] = left.samples
    sides[1, : len(late)] = late
    return sides


def bled(sides: NDArray[np.float32], decibels: float) -> NDArray[np.float32]:
    """Each channel sounds into the other, so many decibels below itself."""
    return sides + np.float32(10 ** (-decibels / 20)) * sides[::-1]
