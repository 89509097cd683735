"""The sample memo, over and over: recordings long enough that something can happen while they are heard."""

from __future__ import annotations

import re
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from containers.engine import ROOT
from diarist.client.schemas.transcripts import Transcript
from made_audio import write_audio

SAMPLE = ROOT / "samples" / "tuesday_evening.opus"
RATE = 16_000
SHARE_OF_WORDS = 0.75
"""Of the words that are spoken, how many have to be heard; engines differ."""


def sample() -> NDArray[np.float32]:
    """The sample memo, mono."""
    resampler = av.AudioResampler(format="fltp", layout="mono", rate=RATE)
    with av.open(SAMPLE) as file:
        frames = [part for frame in file.decode(audio=0) for part in resampler.resample(frame)]
    return np.concatenate([part.to_ndarray()[0] for part in (*frames, *resampler.resample(None))])


def repeated(path: Path, times: int) -> Path:
    """A recording in which it is said so many times; each number makes another recording."""
    return write_audio(path, np.tile(sample(), times), RATE, "flac")


def wrong(transcript: Transcript, times: int) -> list[str]:
    """What a transcript lacks."""
    found = [f"a gap from {gap.start:.0f} s on: {gap.message}" for gap in transcript.gaps]
    if transcript.partial:
        found.append("it is not whole")
    said = re.findall(r"[a-z']+", SAMPLE.with_suffix(".txt").read_text(encoding="utf-8").lower()) * times
    heard = re.findall(r"[a-z']+", transcript.text.lower())
    share = len(heard) / len(said)
    known = len(set(said) & set(heard)) / len(set(said))
    if not SHARE_OF_WORDS <= share <= 2 - SHARE_OF_WORDS or known < SHARE_OF_WORDS:
        found.append(f"{len(heard)} words were heard of {len(said)}, and {known:.0%} of all different ones")
    return found
