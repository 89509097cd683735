"""How many seconds of audio a second: the whole of Diarist against faster-whisper by itself, in turns, on the same recording."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from figures import Figure
from material import Clip, long_recording
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
        await system.transcribe(clips[0].path)
        for turn in range(ROUNDS):
            # The same recording twice is one recording: each round gets another pause, and so other bytes.
            path = folder / f"round-{turn}.wav"
            seconds = long_recording(clips, path, SECONDS, pause=1.0 + turn / 10)
            _, elapsed = await system.transcribe(path)
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
    [answer] = raw_answers(directory, mode, [path])
    return float(answer["seconds"])


def raw_answers(directory: str, mode: str, paths: list[Path]) -> list[dict[str, str | float]]:
    """What faster-whisper says to each file."""
    script = Path(__file__).with_name("raw_whisper.py")
    command = [sys.executable, str(script), directory, mode, *map(str, paths)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own script
    return [json.loads(line) for line in done.stdout.splitlines()]
