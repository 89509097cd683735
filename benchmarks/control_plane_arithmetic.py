"""What real sound would take beside the control plane: cores by arithmetic, from seconds of computing measured on a piece."""

from __future__ import annotations

import hashlib
import resource
import tempfile
from collections.abc import Callable
from math import sin
from pathlib import Path

from control_plane_parts import recording
from control_plane_throughput import HOURS_AN_HOUR
from figures import Figure

from diarist.audio.plan import plan
from diarist.domain.transcript import Transcript

MINUTES = 4.0
_RATE = 16_000


def measure() -> list[Figure]:
    """Decoding, voice activity, cutting and FLAC in one; hashing; and composing, which is not in the measured flow either."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sound.wav"
        path.write_bytes(recording(MINUTES * 60, b"", _sound()))
        cut = _computing(lambda: list(plan(path, target=300.0)))
        hashed = _computing(lambda: hashlib.sha256(path.read_bytes()))
        composed = _computing(_composed)
    of_an_hour = {
        "decode, find voice, cut, FLAC": cut * 60 / MINUTES,
        "hash": hashed * 60 / MINUTES,
        "compose": composed * 60 / MINUTES,
    }
    rows = [
        Figure(section="arithmetic", name=f"{what}, computing for an audio-hour", value=seconds, unit="s")
        for what, seconds in of_an_hour.items()
    ]
    cores = sum(of_an_hour.values()) * HOURS_AN_HOUR / 3600
    return [
        *rows,
        Figure(
            section="arithmetic", name=f"cores for that at {HOURS_AN_HOUR:,.0f} h/h, without any engine", value=cores, unit=""
        ),
    ]


def _composed() -> None:
    from control_plane_parts import heard_in

    from diarist.diary.compose import compose

    heard = heard_in(round(MINUTES * 60))
    compose(
        Transcript(duration=MINUTES * 60, language="en", language_probability=1.0, engine="", model="", segments=heard.segments)
    )


def _sound() -> bytes:
    """A tone that swells and fades, with noise on it: neither silence nor what FLAC could do nothing with."""
    import numpy as np

    at = np.arange(round(MINUTES * 60 * _RATE)) / _RATE
    noise = np.random.default_rng(7).normal(0.0, 0.02, len(at))
    tone = 0.3 * np.sin(at * 2 * np.pi * 180) * (0.5 + 0.5 * np.sin(at * sin(1.0) * 9))
    return bytes(((tone + noise) * 32_000).clip(-32_768, 32_767).astype("<i2").tobytes())


def _computing(call: Callable[[], object]) -> float:
    """Seconds of computing of all threads, the second time: what is loaded once is not counted."""
    call()
    before = resource.getrusage(resource.RUSAGE_SELF)
    call()
    after = resource.getrusage(resource.RUSAGE_SELF)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
