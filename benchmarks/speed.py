"""How many seconds of audio a second: the whole of Diarist against faster-whisper by itself, in turns, on the same recording."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from statistics import median

from figures import Figure
from material import Clip, long_recording
from raw_whisper import answers
from system import running

from diarist.engine.models import resolve

SECONDS = 120.0
ROUNDS = 3
GOALS = {"base": 12.0, "tiny.en": 25.0}
OVERHEAD_PERCENT = 10.0


def measure(clips: list[Clip], cache_dir: Path) -> list[Figure]:
    """Both models; the goal is end to end: upload, decoding, voice activity, engine, merging, storing, composing."""
    found = []
    for model, goal in GOALS.items():
        with tempfile.TemporaryDirectory() as folder:
            found += asyncio.run(_one_model(model, goal, clips, Path(folder), cache_dir))
    return found


async def _one_model(model: str, goal: float, clips: list[Clip], folder: Path, cache_dir: Path) -> list[Figure]:
    ours: list[float] = []
    raw: dict[str, list[float]] = {"sequential": [], "batched": []}
    directory = str(resolve(model, cache_dir).path)
    async with running(folder / "data", model, cache_dir) as system:
        await system.hear(clips[0].path)
        for turn in range(ROUNDS):
            # The same recording twice is one recording: each round gets another pause, and so other bytes.
            path = folder / f"round-{turn}.wav"
            seconds = long_recording(clips, path, SECONDS, pause=1.0 + turn / 10)
            _, elapsed = await system.hear(path)
            ours.append(seconds / elapsed)
            for mode, speeds in raw.items():
                speeds.append(seconds / await asyncio.to_thread(raw_seconds, directory, mode, path))
    overheads = [(one / mine - 1) * 100 for one, mine in zip(raw["sequential"], ours, strict=True)]
    return [
        Figure(section="speed", name=f"{model}: Diarist, end to end", value=median(ours), unit="x", goal=goal, better="higher"),
        Figure(section="speed", name=f"{model}: faster-whisper sequential", value=median(raw["sequential"]), unit="x"),
        Figure(section="speed", name=f"{model}: faster-whisper batched by 8", value=median(raw["batched"]), unit="x"),
        Figure(
            section="speed", name=f"{model}: overhead over sequential", value=median(overheads), unit="%", goal=OVERHEAD_PERCENT
        ),
    ]


def raw_seconds(directory: str, mode: str, path: Path) -> float:
    """Seconds that faster-whisper takes for one file, model already loaded and warm."""
    [answer] = answers(directory, mode, [path])
    return answer.seconds
