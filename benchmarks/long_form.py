"""Long recordings of our own with every word and its time known, in several surroundings; made once and kept in the cache."""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import backgrounds
import numpy as np
import sentences
from material import RATE, read, resample, write_wav
from numpy.typing import NDArray

import said_words
import speaker
from diarist.evaluation.references import Sample, find_samples

PAUSES = (0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0, 1.2, 1.6, 2.2, 3.0, 5.0, 9.0, 14.0)
"""Seconds, from sentence to sentence; the long ones are rarer."""
_RARITY = 1.0 / np.arange(3, 3 + len(PAUSES))


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """How a recording is made."""

    name: str
    level: float
    """Root mean square of the voice, in decibels relative to full scale."""
    background: str = ""
    """A function of `backgrounds`."""
    distance: float = 0.0
    """Decibels from the voice down to the background."""
    slowness: float = 1.0


SURROUNDINGS = (
    Surroundings(name="quiet", level=-20.0),
    Surroundings(name="faint", level=-42.0, slowness=1.1),
    Surroundings(name="hurried", level=-12.0, slowness=0.85),
    Surroundings(name="room", level=-26.0, background="room", distance=20.0),
    Surroundings(name="street", level=-22.0, background="street", distance=12.0, slowness=1.05),
    Surroundings(name="music", level=-24.0, background="music", distance=12.0, slowness=0.95),
)


def long_form(cache_dir: Path, minutes: float) -> list[Sample]:
    """Recordings of so many minutes, about, one in each surroundings."""
    makers = (__file__, sentences.__file__, backgrounds.__file__, speaker.__file__, said_words.__file__)
    version = hashlib.sha256(b"".join(Path(maker).read_bytes() for maker in makers)).hexdigest()[:12]
    folder = cache_dir / "benchmarks" / f"long-form-{version}-{minutes:g}"
    folder.mkdir(parents=True, exist_ok=True)
    for place, one in enumerate(SURROUNDINGS):
        if not (folder / f"{one.name}.json").exists():
            print(f"speaking: {one.name}", file=sys.stderr, flush=True)
            _make(folder, minutes, place)
    return find_samples(folder)


def digest(samples: list[Sample], folder: Path, seconds: float) -> Sample:
    """The beginnings of all, one behind the other, as one recording; cut between two sentences."""
    sound: list[NDArray[np.float32]] = []
    words = []
    clock = 0.0
    for sample in samples:
        last = max(place for place, word in enumerate(sample.said) if _ends(word.text) and (word.end or 0.0) <= seconds)
        kept = sample.said[: last + 1]
        end = kept[-1].end or 0.0
        words += [{"word": word.text, "start": clock + (word.start or 0.0), "end": clock + (word.end or 0.0)} for word in kept]
        sound += [read(sample.audio)[: round(end * RATE)], np.zeros(RATE, np.float32)]
        clock += round(end * RATE) / RATE + 1.0
    folder.mkdir()
    write_wav(folder / "digest.wav", np.concatenate(sound), RATE)
    (folder / "digest.json").write_text(json.dumps(words))
    return find_samples(folder)[0]


def _ends(text: str) -> bool:
    return text.endswith((".", "?"))


def _make(folder: Path, minutes: float, place: int) -> None:
    how = SURROUNDINGS[place]
    chance = np.random.default_rng(100 + place)
    said: list[tuple[str, float]] = []
    expected = 0.0
    for sentence in sentences.sentences(100 + place):
        pause = float(chance.choice(PAUSES, p=_RARITY / _RARITY.sum()))
        said.append((sentence, pause))
        expected += len(sentence.split()) * 0.36 * how.slowness + pause
        if expected > minutes * 60:
            break
    speech = speaker.speak(said, seed=place, slowness=how.slowness)
    voice = resample(speech.samples, speech.sample_rate)
    loud = np.sqrt(np.mean(np.square(voice[np.abs(voice) > 0.01])))
    sound = voice * np.float32(10 ** (how.level / 20) / loud)
    if how.background:
        behind = getattr(backgrounds, how.background)(len(sound), chance)
        sound += behind * np.float32(10 ** ((how.level - how.distance) / 20))
    words = [{"word": word.text, "start": word.start, "end": word.end} for phrase in speech.phrases for word in phrase.words]
    write_wav(folder / f"{how.name}.wav", sound, RATE)
    # The reference comes last: what has one is whole.
    (folder / f"{how.name}.json").write_text(json.dumps(words))
