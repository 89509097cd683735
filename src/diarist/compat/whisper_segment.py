"""A segment as Whisper's own program writes it (openai/whisper, transcribe.py), which many an API has taken over."""

from __future__ import annotations

import math
from typing import Any

from diarist.domain.transcript import Segment

_LEAST = 1e-9
"""Probability below which a logarithm says nothing more."""


def whisper_segment(place: int, segment: Segment) -> dict[str, Any]:
    """Its fields; tokens are not kept, so that there are none."""
    return {
        "id": place,
        "seek": round(segment.start * 100),
        "start": segment.start,
        "end": segment.end,
        "text": f" {segment.text}",
        "tokens": [],
        "temperature": segment.temperature,
        "avg_logprob": logarithm(segment.probability),
        "compression_ratio": segment.compression_ratio,
        "no_speech_prob": segment.no_speech_probability,
    }


def logarithm(probability: float) -> float:
    """Natural, of 0 to 1, and never infinite."""
    return math.log(max(_LEAST, min(1.0, probability)))
