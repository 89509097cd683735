"""What the contenders hear: long recordings of ours, real speech where it is given, silence and noise."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import backgrounds
import numpy as np
from long_form import digest, long_form
from material import RATE, published_speech, write_wav

from diarist.evaluation.references import Sample, find_samples


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """How much of what is heard."""

    minutes: float
    """Of each long recording; there are six."""
    digest_seconds: float
    """Of each long recording that comes into the digest, which all contenders hear."""
    wordless_minutes: float
    """Of silence, and as many of noise."""
    repeats: int
    """Of two long recordings, for the cost by length."""
    models: tuple[str, ...]


WHOLE = Amounts(minutes=6.2, digest_seconds=50.0, wordless_minutes=10.0, repeats=6, models=("tiny.en", "base"))
QUICK = Amounts(minutes=0.5, digest_seconds=15.0, wordless_minutes=0.5, repeats=2, models=("tiny.en",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What is heard."""

    long: list[Sample]
    digest: Sample
    real: list[Sample]
    wordless: list[Sample]
    """Silence and noise."""
    briefly: list[Sample]
    """A tenth of each, for those who take long over it."""

    @property
    def compared(self) -> list[Sample]:
        """What every contender hears."""
        return [self.digest, *self.real]

    @property
    def usual(self) -> list[Sample]:
        """Two of the long ones that are neither faint nor hurried."""
        return [sample for sample in self.long if sample.name in {"quiet.wav", "street.wav"}]

    @property
    def timed(self) -> list[Sample]:
        """What ours and the batched one hear in turns, for their speed."""
        return [self.digest, *self.long]


def prepare(amounts: Amounts, folder: Path, cache_dir: Path) -> Material:
    """Make it in `folder`; what takes long is kept in the cache."""
    long = long_form(cache_dir, amounts.minutes)
    wordless = _write_wordless(folder / "wordless", amounts.wordless_minutes, "")
    briefly = _write_wordless(folder / "briefly", amounts.wordless_minutes / 10, "brief-")
    return Material(
        long=long, digest=digest(long, folder / "digest", amounts.digest_seconds), real=_real_speech(folder / "real"),
        wordless=wordless, briefly=briefly,
    )  # fmt: skip


def _write_wordless(folder: Path, minutes: float, prefix: str) -> list[Sample]:
    """Silence with the faint hiss of a microphone, and a room, a street and music in turn."""
    folder.mkdir()
    chance = np.random.default_rng(17)
    count = round(minutes * 60 * RATE)
    parts = [getattr(backgrounds, name)(count // 3, chance) * 10 ** (-26 / 20) for name in ("room", "street", "music")]
    hiss = chance.normal(0, 10 ** (-70 / 20), count).astype(np.float32)
    for name, sound in (("silence", hiss), ("noise", np.concatenate(parts).astype(np.float32))):
        write_wav(folder / f"{prefix}{name}.wav", sound, RATE)
        (folder / f"{prefix}{name}.txt").touch()
    return find_samples(folder)


def _real_speech(folder: Path) -> list[Sample]:
    """The published clips with their references beside them."""
    folder.mkdir()
    for clip in published_speech():
        (folder / clip.path.name).symlink_to(clip.path.resolve())
        (folder / clip.path.name).with_suffix(".txt").write_text(clip.reference)
    return find_samples(folder) if any(folder.iterdir()) else []
