"""The grid on which voice is judged."""

from __future__ import annotations

from diarist.domain.audio import SAMPLE_RATE

FRAME = 512
"""Samples of one frame: 32 ms."""
SECONDS = FRAME / SAMPLE_RATE
"""Length of one frame."""
LEAD = 62
"""Frames (2 s) heard without being judged before those that count: begun cold, the detector takes noise for voice more often."""
SPEECH, SILENCE = 0.5, 0.35
"""Speech begins with a frame of the first probability and ends with one below the second: the usual values for Silero."""
