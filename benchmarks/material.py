"""What the benchmarks listen to: memos of our own spoken by Piper and, where it is given, real speech with references."""

from __future__ import annotations

import csv
import os
import re
import tempfile
import wave
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from speaker import speak

RATE = 16_000
MEMOS = Path(__file__).with_name("memos.txt")
"""Texts of our own, an empty line between two."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A recording and, where they are known, its words."""

    path: Path
    reference: str


def spoken_memos(folder: Path) -> list[Clip]:
    """Our memos as WAV files, with pauses of several lengths."""
    clips = []
    for number, paragraph in enumerate(MEMOS.read_text().split("\n\n")):
        memo = " ".join(paragraph.split())
        sentences = re.split(r"(?<=[.!?]) ", memo)
        speech = speak([(text, 0.4 + 0.3 * (place % 4)) for place, text in enumerate(sentences)], seed=number)
        path = folder / f"memo-{number}.wav"
        write_wav(path, resample(speech.samples, speech.sample_rate), RATE)
        clips.append(Clip(path, memo))
    return clips


def memos_as_sound() -> NDArray[np.float32]:
    """Our memos one behind the other, at 16 kHz."""
    with tempfile.TemporaryDirectory() as folder:
        return np.concatenate([read(clip.path) for clip in spoken_memos(Path(folder))])


def in_noise(clips: list[Clip], folder: Path) -> list[Clip]:
    """The same clips with pink noise 10 dB below the voice."""
    chance = np.random.default_rng(7)
    noisy = []
    for clip in clips:
        voice = read(clip.path)
        spectrum = np.fft.rfft(chance.standard_normal(len(voice)))
        spectrum[1:] /= np.sqrt(np.arange(1, len(spectrum)))
        noise = np.fft.irfft(spectrum, len(voice)).astype(np.float32)
        noise *= np.float32(10 ** (-10 / 20) * voice[np.abs(voice) > 0.01].std() / noise.std())
        path = folder / f"noisy-{clip.path.name}"
        write_wav(path, voice + noise, RATE)
        noisy.append(Clip(path, clip.reference))
    return noisy


def published_speech() -> list[Clip]:
    """English clips with a published transcript, from the folder that DIARIST_SPEECH_DIR names; none when it names none."""
    folder = os.environ.get("DIARIST_SPEECH_DIR")
    if not folder:
        return []
    with (Path(folder) / "references.tsv").open(newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    return [Clip(Path(folder) / row["file"], row["reference"]) for row in rows if row["language"] == "en"]


def long_recording(clips: list[Clip], path: Path, seconds: float, pause: float) -> float:
    """Join clips, with a pause after each, until the recording is long enough; returns its seconds."""
    pieces: list[NDArray[np.float32]] = []
    total = 0
    samples = [read(clip.path) for clip in clips]
    while total < seconds * RATE:
        for sound in samples:
            pieces += [sound, np.zeros(round(pause * RATE), np.float32)]
            total += len(sound) + len(pieces[-1])
            if total >= seconds * RATE:
                break
    write_wav(path, np.concatenate(pieces), RATE)
    return total / RATE


def read(path: Path) -> NDArray[np.float32]:
    """A whole small file as 16 kHz mono."""
    with av.open(str(path)) as container:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
        frames = [part for frame in container.decode(audio=0) for part in resampler.resample(frame)]
        frames += resampler.resample(None)
    return np.concatenate([frame.to_ndarray().reshape(-1) for frame in frames]).astype(np.float32)


def resample(samples: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    """Any rate to 16 kHz."""
    resampler = av.AudioResampler(format="fltp", layout="mono", rate=RATE)
    frame = av.AudioFrame.from_ndarray(samples[np.newaxis, :], format="fltp", layout="mono")
    frame.sample_rate = rate
    return np.concatenate([part.to_ndarray()[0] for part in (*resampler.resample(frame), *resampler.resample(None))])


def write_wav(path: Path, samples: NDArray[np.float32], rate: int, *, times: int = 1) -> None:
    """16-bit PCM, mono; the samples so many times over."""
    frames = (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        for _ in range(times):
            out.writeframes(frames)
