"""Memory must not grow with length: the peaks of every process on three hours against ten minutes."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import av
import numpy as np
from figures import Figure
from material import RATE, Clip, read
from processes import MemoryWatch

GROWTH_PERCENT = 15.0
SHORT, LONG = 600.0, 10_800.0
"""Seconds."""
PERIOD = 300.0
"""Seconds after which speech comes again; the rest is faint noise, so that three hours fit into the time."""


def measure(clips: list[Clip], cache_dir: Path) -> list[Figure]:
    """`diarist add` on both files with `tiny.en`, each in an empty data directory."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        peaks = {}
        for label, seconds in (("short", SHORT), ("long", LONG)):
            path = folder / f"{label}.mp3"
            _sparse_recording(clips[0], path, seconds)
            peaks[label] = _peaks(path, folder / label, cache_dir)
    found = []
    for role in sorted(peaks["short"]):
        short, long = peaks["short"][role], peaks["long"].get(role, 0.0)
        found += [
            Figure(section="memory", name=f"{role}: peak on 10 minutes", value=short, unit="MB"),
            Figure(section="memory", name=f"{role}: peak on 3 hours", value=long, unit="MB"),
            Figure(section="memory", name=f"{role}: growth", value=(long / short - 1) * 100, unit="%", goal=GROWTH_PERCENT),
        ]
    return found


def _peaks(path: Path, data_dir: Path, cache_dir: Path) -> dict[str, float]:
    environment = {
        **os.environ,
        "DIARIST_DATA_DIR": str(data_dir),
        "DIARIST_CACHE_DIR": str(cache_dir),
        "DIARIST_ENGINE__MODEL": "tiny.en",
    }
    command = [sys.executable, "-m", "diarist", "add", str(path), "--json"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603 - our own program
    with process, MemoryWatch(process.pid) as watch:
        status = process.wait()
    if status:
        raise RuntimeError(f"diarist add ended with {status}")
    return dict(watch.peaks)


def _sparse_recording(clip: Clip, path: Path, seconds: float) -> None:
    """Speech once in each period over faint noise, written piece by piece as MP3."""
    speech = read(clip.path)
    chance = np.random.default_rng(7)
    period = chance.normal(0.0, 1e-4, round(PERIOD * RATE)).astype(np.float32)
    period[RATE : RATE + len(speech)] += speech
    with av.open(str(path), "w") as out:
        stream = out.add_stream("mp3", rate=RATE, layout="mono")
        for _ in range(round(seconds / PERIOD)):
            frame = av.AudioFrame.from_ndarray(period[np.newaxis, :], format="fltp", layout="mono")
            frame.sample_rate = RATE
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
