"""The engine, its model, and whether they hear."""

from __future__ import annotations

import asyncio
import math
import tempfile
import time
import wave
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path

from diarist.audio.process import AudioProcess
from diarist.cli.checks.check import Check, Status, failed
from diarist.cli.clock import duration
from diarist.domain.audio import SAMPLE_RATE, PlannedChunk, Span
from diarist.engine.choice import AUTO, FASTER_WHISPER, WHISPER_OPENVINO, Choices
from diarist.engine.models import ResolvedModel, find
from diarist.engine.process import EngineProcess
from diarist.errors import DiaristError
from diarist.plugins import available
from diarist.ports.transcription_engine import Guidance
from diarist.settings import Settings

ENGINES = "diarist.transcription_engines"
SOUND_FILTERS = "diarist.sound_filters"


def engine(settings: Settings) -> Iterator[Check]:
    """Whether the engine is installed and its model is here; nothing is loaded or fetched."""
    chosen = settings.engine.name
    names = [point.name for point in available(ENGINES)]
    if chosen not in names:
        detail = f"no engine is called {chosen!r}; installed: {', '.join(names)}"
        yield Check("engine", Status.FAIL, detail, "Choose one with DIARIST_ENGINE__NAME, or install its package.")
        return
    if settings.engine.routes:
        yield _routes(settings, names)
    if settings.plan.sound_filter:
        yield _sound_filter(settings.plan.sound_filter)
    threads = settings.engine.threads or "all"
    yield Check("engine", Status.OK, f"{chosen}, {settings.engine.device}, {settings.engine.compute_type}, {threads} threads")
    if chosen not in {AUTO, FASTER_WHISPER, WHISPER_OPENVINO}:
        yield Check("model", Status.OK, f"{settings.engine.model}; the engine finds it by itself")
        return
    try:
        model = find(settings.engine.model, settings.cache_dir)
    except DiaristError as error:
        yield failed("model", error)
    else:
        if model is None:
            advice = f"`diarist model pull {settings.engine.model}` fetches it; so does the first recording."
            yield Check("model", Status.WARN, f"{settings.engine.model} is not on this machine yet", advice)
        else:
            yield Check("model", Status.OK, f"{model.name} from a {model.origin}: {model.path}")
            if chosen == AUTO:
                yield _automatic(settings, model)


def _routes(settings: Settings, names: Sequence[str]) -> Check:
    """Whether each route leads somewhere; what it leads to is started when it is first needed."""
    led_to = [f"{route.engine or settings.engine.name} {route.model}" for route in settings.engine.routes]
    missing = sorted({route.engine for route in settings.engine.routes} - {"", *names})
    if missing:
        advice = "Correct DIARIST_ENGINE__ROUTES, or install the package."
        return Check("routes", Status.FAIL, f"no engine is called {', '.join(missing)}; installed: {', '.join(names)}", advice)
    return Check("routes", Status.OK, f"besides, in this order: {', '.join(led_to)}")


def _sound_filter(chosen: str) -> Check:
    names = [point.name for point in available(SOUND_FILTERS)]
    if chosen not in names:
        detail = f"no sound filter is called {chosen!r}; installed: {', '.join(names)}"
        return Check("sound filter", Status.FAIL, detail, "Choose one with DIARIST_PLAN__SOUND_FILTER, or install its package.")
    return Check("sound filter", Status.OK, f"{chosen}; most recordings are heard better without one")


def _automatic(settings: Settings, model: ResolvedModel) -> Check:
    """What `auto` stands for; it is not measured here, since no engine is loaded."""
    try:
        choice = Choices(settings.cache_dir, model.path, settings.engine.compute_type, settings.engine.threads).recall()
    except OSError as error:
        return Check("choice", Status.FAIL, f"{model.path}: {error.strerror}", "Check the model's files.")
    if choice is None:
        advice = "`diarist doctor --deep` measures now; so does the first recording."
        return Check("choice", Status.OK, "measured when the model is first loaded", advice)
    return Check("choice", Status.OK, f"{choice.engine}: {choice.reason}")


async def hearing(settings: Settings) -> Check:
    """Whether the whole chain works: a second of tone is decoded in one child, and heard by the model in another."""
    decoder, ears = AudioProcess(), EngineProcess(settings.engine, settings.cache_dir)
    started = time.monotonic()
    try:
        with tempfile.TemporaryDirectory() as folder:
            tone, stored = Path(folder, "tone.wav"), Path(folder, "chunk.flac")
            _write_tone(tone)
            async for item in decoder.plan(tone, target=settings.plan.chunk_seconds):
                match item:
                    case (PlannedChunk() as chunk, flac):
                        await asyncio.to_thread(stored.write_bytes, flac)
                        guidance = Guidance(language=settings.engine.language)
                        async for _ in ears.transcribe(stored, [Span(0.0, chunk.duration)], guidance):
                            pass
    except DiaristError as error:
        return failed("hearing", error)
    finally:
        await ears.close()
        await decoder.close()
    return Check(
        "hearing", Status.OK, f"the model was loaded and heard a second of sound in {duration(time.monotonic() - started)}"
    )


def _write_tone(path: Path) -> None:
    """A second of 440 Hz."""
    samples = (round(8000 * math.sin(math.tau * 440 * n / SAMPLE_RATE)) for n in range(SAMPLE_RATE))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(array("h", samples).tobytes())
