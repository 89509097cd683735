"""Recordings for a run: pieces of the sample memo, no two with the same bytes, and what must be heard in each."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from diarist.adapters.transcription_engines.scripted import Script, ScriptedEngine
from diarist.audio.plan import plan
from diarist.domain.audio import SAMPLE_RATE, PlanSummary, Span
from diarist.domain.transcript import ChunkTranscript
from diarist.transcription.merge import Part, merge
from made_audio import beep, write_audio

SAMPLE = Path(__file__).parents[2] / "samples" / "tuesday_evening.opus"
CHUNK_SECONDS = 10.0
"""What chunks aim for, so that a short recording has several."""
_TONES = 25
"""One of so many recordings holds no voice at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memo:
    """A recording that somebody gives."""

    name: str
    content: bytes
    seconds: float
    speech: float
    """Seconds in which there is voice."""
    heard: str
    """Digest of the transcript that it must get."""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def make(folder: Path, count: int, rng: random.Random) -> Iterator[Memo]:
    """Make recordings of 3 to 75 seconds, most of them short, as WAV or FLAC."""
    voice = _sample()
    for number in range(count):
        seconds = round(min(75.0, 3.0 + rng.expovariate(1 / 14)), 2)
        begin = rng.randrange(len(voice))
        if number % _TONES == _TONES - 1:
            samples = beep(seconds, SAMPLE_RATE, hz=rng.uniform(200, 2000), amplitude=0.2)
        else:
            samples = np.take(voice, np.arange(begin, begin + round(seconds * SAMPLE_RATE)), mode="wrap")
        yield memo(folder, f"memo-{number:03}.{rng.choice(('wav', 'flac'))}", samples)


def long_memo(folder: Path) -> Memo:
    """A recording of one chunk; nothing like the others."""
    voice = _sample()
    return memo(folder, "long.flac", 0.5 * voice[: round(0.8 * CHUNK_SECONDS * SAMPLE_RATE)])


def memo(folder: Path, name: str, samples: NDArray[np.float32]) -> Memo:
    """Write it, and hear it as the fleet should."""
    path = write_audio(folder / name, samples, SAMPLE_RATE, "flac" if name.endswith("flac") else "pcm_s16le")
    parts: list[Part] = []
    duration = speech = 0.0
    for item in plan(path, target=CHUNK_SECONDS):
        match item:
            case PlanSummary():
                duration, speech = item.duration, item.speech_seconds
            case (chunk, _):
                parts.append(_heard(chunk.start, chunk.end, chunk.speech))
    transcript = merge(parts, duration)
    said = [(segment.start, segment.end, segment.text) for segment in transcript.segments]
    content = path.read_bytes()
    path.unlink()
    return Memo(name=name, content=content, seconds=duration, speech=speech, heard=digest(duration, transcript.text, said))


def digest(duration: float, text: str, segments: Sequence[tuple[float, float, str]]) -> str:
    """Of what a transcript says and when, to the hundredth of a second."""
    said: list[Any] = [round(duration, 2), text, [[round(start, 2), round(end, 2), words] for start, end, words in segments]]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _heard(start: float, end: float, speech: Sequence[Span]) -> Part:
    engine = ScriptedEngine(Script())
    hearing = engine.transcribe(np.zeros(round((end - start) * SAMPLE_RATE), np.float32), speech)
    heard = ChunkTranscript(
        language=hearing.language,
        language_probability=hearing.language_probability,
        segments=tuple(hearing.segments),
        engine=engine.name,
        model=engine.model,
    )
    return Part(span=Span(start, end), heard=heard)


def _sample() -> NDArray[np.float32]:
    """The sample memo, 16 kHz mono."""
    pieces: list[NDArray[np.float32]] = []
    with av.open(SAMPLE) as file:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE)
        for frame in (*file.decode(audio=0), None):
            pieces += [part.to_ndarray()[0] for part in resampler.resample(frame)]
    return np.concatenate(pieces)


def cut(folder: Path, count: int) -> list[tuple[str, bytes]]:
    """The whole sample memo in so many recordings, cut where nobody speaks; names and bytes, in order."""
    voice = _sample()
    path = write_audio(folder / "whole.flac", voice, SAMPLE_RATE, "flac")
    ends = [item[0].end for item in plan(path, target=CHUNK_SECONDS) if isinstance(item, tuple)][:-1]
    borders = [0, *(round(end * SAMPLE_RATE) for end in ends[: count - 1]), len(voice)]
    pieces = []
    for number, (start, end) in enumerate(pairwise(borders)):
        piece = write_audio(folder / f"spoken-{number}.flac", voice[start:end], SAMPLE_RATE, "flac")
        pieces.append((piece.name, piece.read_bytes()))
    return pieces
