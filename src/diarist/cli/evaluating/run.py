"""Lets one engine hear all recordings, and keeps what was found."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from diarist.audio.process import AudioProcess
from diarist.cli.evaluating.listening import Listener, listening
from diarist.cli.evaluating.memory import peak_engine_memory
from diarist.errors import DiaristError, InvalidInput
from diarist.evaluation.references import Sample
from diarist.evaluation.results import Measured, in_all, measured
from diarist.jobs.progress import Progress
from diarist.settings import EngineSettings, Settings

_WARM_UP = 10.0
"""Seconds of sound, about."""

Told = Callable[[str, float], None]
"""Receives the recording that is heard, and the fraction of all that is done."""


@dataclass(slots=True, kw_only=True)
class Run:
    """One engine and what it heard."""

    asked: EngineSettings
    engine: str
    """What heard in fact, which `auto` leaves open; as asked when nothing was heard."""
    model: str
    found: dict[str, Measured] = field(default_factory=dict)
    """By name of the recording."""
    failed: dict[str, DiaristError] = field(default_factory=dict)
    """Those that could not be heard."""
    peak_memory: int | None = None
    """Bytes."""

    @property
    def total(self) -> Measured:
        """All that was heard."""
        return in_all(list(self.found.values()))


async def run(settings: Settings, engine: EngineSettings, samples: Sequence[Sample], told: Told) -> Run:
    """Hear all samples; the model is loaded before the first is timed. Raises what stops the engine as such."""
    outcome = Run(asked=engine, engine=engine.name, model=engine.model)
    sizes = {sample.name: max(1, sample.audio.stat().st_size) for sample in samples}
    total, done = sum(sizes.values()), 0
    with tempfile.TemporaryDirectory(prefix="diarist-evaluate-") as name:
        async with listening(settings, engine, Path(name, "data")) as listener:
            told("loading the model", 0.0)
            await _warm_up(listener, samples, Path(name))
            for sample in samples:
                size = sizes[sample.name]
                await _hear(listener, sample, outcome, partial(_pass_on, told, sample.name, done / total, size / total))
                done += size
            outcome.peak_memory = peak_engine_memory()
    return outcome


async def _hear(listener: Listener, sample: Sample, outcome: Run, told: Callable[[Progress], None]) -> None:
    try:
        transcript, elapsed = await listener.hear(sample.audio, told)
    except InvalidInput as error:
        outcome.failed[sample.name] = error
    else:
        outcome.found[sample.name] = measured(sample, transcript, elapsed)
        if transcript.segments:
            outcome.engine, outcome.model = transcript.engine, transcript.model


def _pass_on(told: Told, name: str, before: float, share: float, progress: Progress) -> None:
    told(name, before + share * progress.fraction)


async def _warm_up(listener: Listener, samples: Sequence[Sample], folder: Path) -> None:
    """Let the model be loaded by some seconds of speech from the samples."""
    for sample in sorted((sample for sample in samples if sample.said), key=lambda sample: sample.audio.stat().st_size):
        piece = await _speech(sample.audio)
        if piece:
            path = folder / "warm-up.flac"
            await asyncio.to_thread(path.write_bytes, piece)
            await listener.hear(path)
            return


async def _speech(path: Path) -> bytes | None:
    """The first seconds in which somebody speaks, as FLAC; None when there are none, or they cannot be read."""
    decoder = AudioProcess()
    try:
        async with aclosing(decoder.plan(path, target=_WARM_UP)) as planned:
            async for item in planned:
                if isinstance(item, tuple) and item[0].speech:
                    return item[1]
    except InvalidInput:
        pass  # said when its turn comes
    finally:
        await decoder.close()
    return None
