"""The grid on which voice is judged."""

from __future__ import annotations

from diarist.domain.audio import SAMPLE_RATE

FRAME = 512
"""Samples of one frame: 32 ms."""
SECONDS = FRAME / SAMPLE_RATE
"""Length of one frame."""
SPEECH, SILENCE = 0.5, 0.35
"""Speech begins with a frame of the first probability and ends with one below the second: the usual values for Silero."""
